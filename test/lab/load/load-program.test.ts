import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { UsageError } from '../../../lab/cli/exit.ts';
import { describeThrown, loadProgram } from '../../../lab/load/load-program.ts';
import { startBare } from '../../../lab/load/start-bare.ts';
import { PROGRAMS } from '../../../userland/programs/index.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'eddy-test-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** Writes a file outside the repository. */
async function file(name: string, ...lines: string[]): Promise<string> {
  const written = path.join(directory, name);
  await writeFile(written, `${lines.join('\n')}\n`);
  return written;
}

async function refusal(nameOrPath: string): Promise<string> {
  const error: unknown = await loadProgram(nameOrPath).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message.replaceAll(`${directory}${path.sep}`, '');
}

describe('a listed name', () => {
  test.each(PROGRAMS.map(({ name }) => name))('%s is loaded', async (name) => {
    expect((await loadProgram(name)).program.name).toBe(name);
  });

  test('that is misspelt is refused with the nearest', async () => {
    expect(await refusal('tuor')).toBe("unknown program 'tuor'; did you mean 'tour'?");
  });
});

const IMPORT = "import { type Code, load, program, store } from 'eddy-os/userland';";

describe('a file of the user', () => {
  test('runs on our machine: its instructions are ours', async () => {
    await file(
      'helper.ts',
      "import { type Code, fetchAndAdd } from 'eddy-os/userland';",
      'export function* add(a: number): Code {',
      '  yield fetchAndAdd(a, 5);',
      '}',
    );
    const mine = await file(
      'mine.ts',
      "import { program } from 'eddy-os/userland';",
      "import { add } from './helper.ts';",
      "export default program({ name: 'mine', summary: 's', *main() {}, *bare(env) { yield* add(yield* env.memory()); } });",
    );
    const { program, file: loaded } = await loadProgram(mine);
    expect(loaded).toBe(mine);
    const machine = new Machine(presetConfig('smp', { harts: 2 }));
    const memory = startBare(machine, program, []);
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(machine.peek(memory)).toBe(10);
  });

  test('may be JavaScript', async () => {
    const mine = await file(
      'plain.js',
      "import { program } from 'eddy-os/userland';",
      "export default program({ name: 'plain', summary: 's', *main() {} });",
    );
    expect((await loadProgram(mine)).program.name).toBe('plain');
  });

  test('that throws is shown with its file, line and column', async () => {
    const mine = await file(
      'throws.ts',
      IMPORT,
      'interface Node { next: Node | undefined }',
      '',
      'function* walk(node: Node): Code<number> {',
      '  yield load(4096);',
      '  return walk.length + (node.next as Node).next!.toString().length;',
      '}',
      "export default program({ name: 'throws', summary: 's', *main() {}, *bare() { yield* walk({ next: undefined }); } });",
    );
    const { program, locate } = await loadProgram(mine);
    const machine = new Machine(presetConfig('smp', { harts: 1 }));
    startBare(machine, program, []);
    const stop = machine.run();
    expect(stop.kind).toBe('crashed');
    const error = stop.kind === 'crashed' ? stop.error : undefined;
    expect(locate(error)).toEqual({ file: mine, line: 6, column: 44 });
    expect(describeThrown(error, locate)).toMatch(
      /throws\.ts:6:44 TypeError: Cannot read properties of undefined/,
    );
  });

  test('that calls one of our procedures wrongly is shown, not our file', async () => {
    const mine = await file(
      'wrong-call.ts',
      "import { printf, program } from 'eddy-os/userland';",
      "export default program({ name: 'p', summary: 's', *main() {}, *bare(env) {",
      "  yield* printf(env, '%d');",
      '} });',
    );
    const { program, locate } = await loadProgram(mine);
    const machine = new Machine(presetConfig('smp', { harts: 1 }));
    startBare(machine, program, []);
    const stop = machine.run();
    expect(stop.kind === 'crashed' && describeThrown(stop.error, locate)).toMatch(
      /wrong-call\.ts:3:\d+ RangeError: printf: more conversions/,
    );
  });
});

describe('what is wrong with a file is said with its place', () => {
  test('a type error', async () => {
    const bad = await file(
      'bad-type.ts',
      IMPORT,
      "export const sum: number = 'four';",
      "export default program({ name: 'p', summary: 's', *main() {} });",
    );
    expect(await refusal(bad)).toBe("bad-type.ts:2:14 Type 'string' is not assignable to type 'number'.");
  });

  test('several type errors, one line each', async () => {
    const bad = await file(
      'bad-types.ts',
      IMPORT,
      'const a: string = 1;',
      'const b: string = 2;',
      "export default program({ name: a + b, summary: 's', *main() { yield 7; } });",
    );
    expect((await refusal(bad)).split('\n').map((line) => line.split(' ')[0])).toEqual([
      'bad-types.ts:2:7',
      'bad-types.ts:3:7',
      expect.stringMatching(/^bad-types\.ts:4:/),
    ]);
  });

  test('a type error in a file that it imports', async () => {
    await file('broken-helper.ts', 'export const pages: number = true;');
    const bad = await file(
      'imports.ts',
      IMPORT,
      "import { pages } from './broken-helper.ts';",
      "export default program({ name: `${pages}`, summary: 's', *main() {} });",
    );
    expect(await refusal(bad)).toMatch(/^broken-helper\.ts:1:14 /);
  });

  test('a syntax error, in TypeScript and in JavaScript', async () => {
    expect(await refusal(await file('syntax.ts', IMPORT, 'const = 3;'))).toMatch(/^syntax\.ts:2:7 /);
    expect(await refusal(await file('syntax.js', 'const = 3;'))).toMatch(/^syntax\.js:1:7 /);
  });

  test('no default export', async () => {
    expect(await refusal(await file('none.ts', 'export const x = 1;'))).toMatch(
      /^none\.ts: no default export; /,
    );
  });

  test('a default export that is not a program', async () => {
    expect(await refusal(await file('other.ts', 'export default { name: 1 };'))).toMatch(
      /^other\.ts: the default export is not a program; /,
    );
  });

  test('a module that we do not offer', async () => {
    const bad = await file('import.js', "import 'eddy-os/kernel';", 'export default 1;');
    expect(await refusal(bad)).toBe(
      "import.js:1:8 no module 'eddy-os/kernel'; a program may import 'eddy-os/userland', 'eddy-os/scheduling', 'eddy-os/isa'",
    );
  });

  test('an import of nothing', async () => {
    expect(await refusal(await file('missing.js', "import './nowhere.js';"))).toMatch(
      /^missing\.js:1:8 Could not resolve/,
    );
  });

  test('an exception while the file is loaded', async () => {
    const bad = await file(
      'early.ts',
      IMPORT,
      "throw new RangeError('too early');",
      "export default program({ name: 'p', summary: 's', *main() {} });",
    );
    expect(await refusal(bad)).toBe('early.ts:2:7 RangeError: too early (while the file was loaded)');
  });

  test('a file that does not exist, with the nearest listed name', async () => {
    expect(await refusal('./helo.ts')).toBe("no such file: ./helo.ts; the nearest listed program is 'hello'");
  });

  test('a directory, and a file of another kind', async () => {
    expect(await refusal(`${directory}/.`)).toMatch(/^not a file: /);
    expect(await refusal(await file('notes.txt', 'hello'))).toMatch(
      /^not a program: notes\.txt; a program is a file that ends in \.ts/,
    );
  });
});
