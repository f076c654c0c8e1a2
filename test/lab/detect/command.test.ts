/** `eddy run --detect`: what it prints, the field of its document, and its exit status. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DETECTOR_IDS } from '../../../lab/detect/index.ts';
import type { RunResult } from '../../../lab/run/result.ts';
import { eddy, eddyJson } from '../captured-host.ts';

// What the compiler says of the file is not what this is about.
vi.mock('../../../lab/load/type-check.ts', () => ({ typeCheck: async () => [] }));

const RACY = `
import { load, store, program, TestAndSetLock } from 'eddy-os/userland';

export default program({
  name: 'racy',
  summary: 'adds without a lock, and takes locks in a circle',
  parameters: { locks: { default: 0, min: 0, max: 1, summary: '1: takes locks, too' } },
  *main() {},
  *bare(env, { locks }) {
    const memory = yield* env.memory();
    yield store(memory, (yield load(memory)) + 1);
    if (!locks) return;
    const mine = new TestAndSetLock(memory + 64 + 64 * env.hart());
    const other = new TestAndSetLock(memory + 128 - 64 * env.hart());
    yield* mine.acquire(0);
    yield* other.acquire(0);
    yield* other.release(0);
    yield* mine.release(0);
  },
});
`;

let directory: string;
let file: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'eddy-detect-'));
  file = path.join(directory, 'racy.ts');
  await writeFile(file, RACY);
});
afterAll(() => rm(directory, { recursive: true }));

const run = (...args: string[]) => eddy('run', '--bare', file, '--harts=2', ...args);
const document = (...args: string[]) => eddyJson<RunResult>('run', '--bare', file, '--harts=2', ...args);

describe('eddy run --detect', () => {
  test('prints findings at 80 columns, and fails with status 1', async () => {
    const { status, output, errors } = await run('--detect', 'races');
    expect(status).toBe(1);
    expect(output).toMatch(/^races\n {2}data race on the word at 0x00010000: hart \d /);
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(errors).toBe('eddy: 1 finding (races)\n');
  });

  test('has a field of the document for them', async () => {
    const { ok, exit, findings } = await document('--detect=races');
    expect({ ok, status: exit.status }).toEqual({ ok: false, status: 1 });
    expect(findings).toEqual([
      expect.objectContaining({ detector: 'races', address: 0x1_0000, message: expect.any(String) }),
    ]);
    expect(findings?.[0]?.involved).toHaveLength(2);
  });

  test('has an empty field where nothing was found, and none where nobody looked', async () => {
    const { findings, ok } = await document('--detect=deadlock,starvation=10');
    expect({ findings, ok }).toEqual({ findings: [], ok: true });
    expect(await document()).not.toHaveProperty('findings');
  });

  test('ends a run that waits in a circle as a deadlock, status 5', async () => {
    const { status, output } = await run('--set=locks=1', '--detect=all');
    expect(status).toBe(5);
    for (const detector of ['races', 'deadlock', 'lock-order'])
      expect(output).toMatch(new RegExp(`^${detector}$`, 'm'));
  });

  test.each([
    ['race', "unknown detector 'race'; did you mean 'races'?"],
    ['races,deadlok', "unknown detector 'deadlok'; did you mean 'deadlock'?"],
    ['al', "unknown detector 'al'; did you mean 'all'?"],
    ['', "unknown detector ''"],
    ['races=3', '--detect races=3: only starvation takes a bound, as starvation=100'],
    ['starvation=x', '--detect starvation= x: a whole number is wanted, such as 4'],
    ['starvation=0', '--detect starvation= 0: the least that is possible is 1'],
  ])('refuses %j in one line', async (text, message) => {
    const { status, errors } = await run(`--detect=${text}`);
    expect(status).toBe(2);
    expect(errors).toContain(message);
    expect(errors.trimEnd().split('\n')).toHaveLength(1);
  });

  test('changes nothing in the run', async () => {
    const [with_, without] = await Promise.all([document('--detect=all'), document()]);
    const { cycles, instructions, counters } = with_;
    expect({ cycles, instructions, counters }).toEqual({
      cycles: without.cycles,
      instructions: without.instructions,
      counters: without.counters,
    });
  });

  test('is mentioned by its help with every detector', async () => {
    const { output } = await eddy('run', '--help');
    for (const id of DETECTOR_IDS) expect(output).toContain(id);
  });
});
