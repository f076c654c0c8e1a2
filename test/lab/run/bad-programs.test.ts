/** A program that goes wrong gets a clear message and the right exit status, and never hangs the emulator. */
import { expect, test } from 'vitest';
import { presetConfig } from '../../../hw/presets.ts';
import { resultOf, type RunResult } from '../../../lab/run/result.ts';
import { RunSession } from '../../../lab/run/session.ts';
import type { Program } from '../../../userland/program.ts';
import * as bad from './bad-programs.ts';

function runOf(program: Program, bare = false): RunResult {
  const session = new RunSession({
    program,
    config: presetConfig('cc-numa', { harts: 4, seed: 1 }),
    parameters: [],
    kernelOptions: {},
    bare,
    limits: { steps: 20_000_000, cycles: Number.POSITIVE_INFINITY, watchdogSeconds: 1 },
    describe: (error) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  });
  return resultOf(session, session.run(), 0);
}

const CASES: readonly [program: Program, status: number, says: RegExp][] = [
  [
    bad.badPointer,
    3,
    /exception \(loadPageFault\): process 1 thread 1 ended by loadPageFault at load of 0x40000000/,
  ],
  [bad.writesCode, 3, /exception \(store\w+Fault\).* of 0xf/],
  [bad.misaligned, 3, /exception \(loadMisaligned\).* of 0x00010001/],
  [bad.privileged, 3, /exception \(illegalInstruction\).*waitForInterrupt/],
  [bad.throws, 3, /throws was ended by an exception \(programThrew\): RangeError: thrown on purpose/],
  [bad.yieldsNonsense, 3, /TypeError: the program yielded 42, which is no instruction/],
  [bad.neverYields, 3, /never-yields \(process 1, thread 1, hart 0\) computed for 1 s without yielding/],
  [bad.exitsWithThreads, 0, /^$/],
  [bad.status7, 1, /status-7 ended with status 7/],
  [bad.failsCheck, 1, /failed: sum \(3 of 4\)/],
  [bad.forgetsCheck, 1, /failed: sum \(the run did not report it\)/],
  [bad.futexDeadlock, 5, /deadlock: .*process 1 thread 1 waits on futex 0x\w+ since cycle \d+/],
  [
    bad.joinDeadlock,
    5,
    /thread 1 waits for the end of thread 2.*; process 1 thread 2 on hart \d spins until the word at 0x\w+ is 1/,
  ],
  [bad.spinningPair, 5, /thread 1 on hart 0 spins until .*; process 1 thread 2 on hart 0 spins until/],
  [bad.spinningPairThatIsSaved, 0, /^$/],
];

test.each(CASES.map(([program, ...rest]) => [program.name, program, ...rest] as const))(
  '%s',
  (_name, program, status, says) => {
    const result = runOf(program);
    expect(result.exit.message ?? '').toMatch(says);
    expect(result.exit.status).toBe(status);
    expect(result.ok).toBe(status === 0);
  },
);

const BARE: readonly [program: Program, status: number, says: RegExp][] = [
  [bad.bareThrows, 3, /bare-throws on hart 1 crashed: Error: thrown on purpose/],
  [
    bad.bareDeadlock,
    5,
    /hart 0 spins until the word at 0x\w+ is 1; .*hart 3 spins until the word at 0x\w+ is 4/,
  ],
  [bad.bareNeverYields, 3, /bare-never-yields on hart 2 computed for 1 s/],
];

test.each(BARE.map(([program, ...rest]) => [program.name, program, ...rest] as const))(
  'without a kernel: %s',
  (_name, program, status, says) => {
    const result = runOf(program, true);
    expect(result.exit.message ?? '').toMatch(says);
    expect(result.exit.status).toBe(status);
  },
);
