import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eddy } from '../captured-host.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'eddy-scheduler-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** Runs hello with a scheduler of this text; gives what the command says without the folder's name. */
async function say(name: string, text: string): Promise<{ status: number; err: string }> {
  const file = path.join(directory, name);
  await writeFile(file, text);
  const { status, errors } = await eddy('run', 'hello', '--harts', '2', '--set', `kernel.scheduler=${file}`);
  return { status, err: errors.replaceAll(`${directory}${path.sep}`, '') };
}

const MINE = `import { type Code, load } from 'eddy-os/isa';
import { type Discipline, THREAD } from 'eddy-os/scheduling';
function* rank(_target: number, thread: number): Code<number> {
  return yield load(thread + THREAD.readySince);
}
export default { name: 'lifo', summary: 's', degree: 'shared', rank } satisfies Discipline;
`;

test('a scheduler of the user’s own runs threads', async () => {
  const { status, err } = await say('lifo.ts', MINE);
  expect(err).toMatch(/^hello: ok/);
  expect(status).toBe(0);
});

test.each([
  [
    'a part that is missing',
    "export default { name: 'x', degree: 'hart' };",
    "not a scheduler: its 'summary', a string, is missing",
  ],
  [
    'a degree that there is not',
    "export default { name: 'x', summary: 's', degree: 'all' };",
    "not a scheduler: its unknown degree 'all'",
  ],
  [
    'a rank that is no procedure',
    "export default { name: 'x', summary: 's', degree: 'hart', rank: 3 };",
    "its 'rank', a function, is a number",
  ],
  [
    'half a policy',
    "export default { name: 'x', summary: 's', pick() {} };",
    "its 'ready', a function, is missing",
  ],
  ['no object', 'export default 7;', 'the default export is not a scheduler'],
])('%s gives one line', async (_what, text, message) => {
  const { status, err } = await say('bad.js', text);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(err).toContain(message);
  expect(status).toBe(2);
});
