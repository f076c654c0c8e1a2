import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { SYSCALLS } from '../../../kernel/abi/index.ts';
import { Dsm } from '../../../kernel/vm/dsm.ts';
import type { FuzzResult } from '../../../lab/fuzz/fuzz-result.ts';
import { eddy, eddyJson } from '../captured-host.ts';

const PROGRAMS = process.env['EDDY_DEEP'] ? 20_000 : 200;

/** All but the time it took. */
const withoutTime = (result: FuzzResult) => ({ ...result, hostSeconds: 0 });

/** Calls `work` while frames that are freed are forgotten. */
async function withLeakyFrames<T>(work: () => Promise<T>): Promise<T> {
  const { release } = Dsm.prototype;
  Dsm.prototype.release = function* () {};
  try {
    return await work();
  } finally {
    Dsm.prototype.release = release;
  }
}

describe('eddy fuzz', () => {
  test('finds nothing in the kernel, whatever programs do', async () => {
    const result = await eddyJson<FuzzResult>('fuzz', '--programs', `${PROGRAMS}`, '--jobs', '1');
    expect(result).toMatchObject({ status: 0, seed: 1, programs: PROGRAMS, failures: [] });
    expect(Object.keys(result.syscalls)).toEqual(SYSCALLS.map(({ name }) => name));
    for (const [name, count] of Object.entries(result.syscalls)) expect(count, name).toBeGreaterThan(0);
  });

  test('says the same of the same seed, on however many threads, and else of another', async () => {
    const run = async (seed: number, jobs: number) =>
      withoutTime(
        await eddyJson<FuzzResult>('fuzz', '--programs', '40', '--seed', `${seed}`, '--jobs', `${jobs}`),
      );
    const once = await run(7, 1);
    expect(await run(7, 2)).toEqual(once);
    expect((await run(8, 1)).syscalls).not.toEqual(once.syscalls);
  });

  test('shows a failure as a small program, with the command that repeats it', async () => {
    await withLeakyFrames(async () => {
      const found = await eddyJson<FuzzResult>('fuzz', '--programs', '20', '--jobs', '1');
      expect(found.status).toBe(3);
      const [failure] = found.failures;
      if (failure === undefined) throw new Error('nothing was found');
      expect(failure).toMatchObject({ invariant: 'invariant.frames', schedule: 'timed' });
      expect(failure.message).toContain('is nowhere');
      expect(failure.program.split('\n').length).toBeLessThanOrEqual(3);
      const [, text = ''] = /^eddy fuzz --replay '(.*)'$/.exec(failure.replay) ?? [];
      const again = await eddyJson<FuzzResult>('fuzz', '--replay', text);
      expect(again).toMatchObject({ status: 3, programs: 1 });
      expect(again.failures[0]).toMatchObject({ message: failure.message, program: failure.program });
      const { output, status } = await eddy('fuzz', '--replay', text);
      expect(status).toBe(3);
      expect(output).toContain(failure.message);
      expect(output).toContain(`run it again: ${failure.replay}`);
    });
  });

  test('runs a program from a file', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'eddy-fuzz-'));
    try {
      const file = path.join(folder, 'mine.txt');
      writeFileSync(file, 'on smp harts=3\nthread 0\n  mmap 0, 4096, 3, 0\n  munmap r0, 4096\n');
      const { status, output } = await eddy('fuzz', '--replay', file);
      expect(status).toBe(0);
      expect(output).toContain('nothing broke in 1 program with 2 system calls');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('ends by its watchdog with a status of its own', async () => {
    const { status, errors } = await eddy('fuzz', '--programs', '1000000', '--seconds', '1', '--jobs', '1');
    expect(status).toBe(4);
    expect(errors).toMatch(/^eddy: 1 s have passed \(--seconds\) after \d+ programs\n$/);
  });

  test('refuses what it cannot run in one line', async () => {
    const refusal = async (...args: string[]) => (await eddy('fuzz', ...args)).errors;
    expect([
      await refusal('--programs', '0'),
      await refusal('--replay', 'thread 0; mmpa 0'),
      await refusal('--replay', 'on cc-nuam; thread 0; yield'),
      await refusal('--replay', 'on cc-numa harts=2 memoryPerNod=4; thread 0; yield'),
      await refusal('--replay', 'on cluster harts=2 nodes=2; thread 0; yield'),
      await refusal('--replay', 'schedule 1>h9; thread 0; yield'),
      await refusal('--replay', 'on cc-numa memoryPerNode=16k; thread 0; yield'),
    ]).toMatchInlineSnapshot(`
      [
        "eddy: --programs 0: the least that is possible is 1
      ",
        "eddy: user program: 'mmpa 0': unknown operation 'mmpa'; did you mean 'mmap'?
      ",
        "eddy: unknown machine 'cc-nuam'; did you mean 'cc-numa'?
      ",
        "eddy: --set memoryPerNod=4: unknown key 'memoryPerNod'; did you mean 'memoryPerNode'?
      ",
        "eddy: program user-program needs shared memory, and the 2 nodes of machine cluster have none in common
      ",
        "eddy: schedule: '1>h9': 'h9': the machine has 2 harts, from 0 on
      ",
        "eddy: case: 'on cc-numa memoryPerNode=16k': 16384 bytes per node are too few for the kernel
      ",
      ]
    `);
  });
});
