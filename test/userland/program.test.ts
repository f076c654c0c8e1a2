import { expect, test } from 'vitest';
import { isProgram, program } from '../../userland/program.ts';
import { PROGRAMS } from '../../userland/programs/index.ts';
import { Machine } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import { startBare } from '../../lab/load/start-bare.ts';
import { store } from '../../userland/index.ts';

const parameters = {
  pages: { default: 64, min: 1, max: 4096, summary: 'Pages' },
  mode: { default: 0, min: 0, max: 1, choices: { a: 0, b: 1 }, summary: 'Mode' },
} as const;

test('a program gets its parameter words by name, in the order of their declaration', () => {
  const machine = new Machine(presetConfig('smp', { harts: 1 }));
  const echo = program({
    name: 'echo',
    summary: 'Stores its parameters',
    parameters,
    *main() {},
    *bare(env, { pages, mode }) {
      const memory = yield* env.memory();
      yield store(memory, pages);
      yield store(memory + 4, mode);
    },
  });
  const memory = startBare(machine, echo, [17, 1]);
  expect(machine.run()).toEqual({ kind: 'finished' });
  expect([machine.peek(memory), machine.peek(memory + 4)]).toEqual([17, 1]);
});

test('a default outside its own range is refused where the program is declared', () => {
  const declare = () =>
    program({
      name: 'bad',
      summary: '',
      parameters: { n: { default: 9, min: 1, max: 8, summary: '' } },
      *main() {},
    });
  expect(declare).toThrow('program bad: the default of n, 9, is not within 1–8');
});

test('only what program() made is a program', () => {
  expect(PROGRAMS.every(isProgram)).toBe(true);
  expect([undefined, null, 7, {}, { name: 'x', main() {} }].some(isProgram)).toBe(false);
});

test('a program without a bare form cannot be started bare', () => {
  const machine = new Machine(presetConfig('smp', { harts: 1 }));
  expect(() => startBare(machine, program({ name: 'p', summary: '', *main() {} }), [])).toThrow(
    'program p needs a kernel',
  );
});

test('the console of a bare program takes text', () => {
  const machine = new Machine(presetConfig('smp', { harts: 1 }));
  const hello = program({
    name: 'hello',
    summary: '',
    *main() {},
    *bare(env) {
      yield* env.print('grüße\n');
    },
  });
  startBare(machine, hello, []);
  machine.run();
  expect(machine.console.text()).toBe('grüße\n');
});
