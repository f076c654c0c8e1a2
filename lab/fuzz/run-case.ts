/** Runs one case, whatever happens in it. */
import type { Failure } from '../explore/subject.ts';
import { watched } from '../run/watchdog.ts';
import type { FuzzCase } from './fuzz-case.ts';
import { Trial } from './trial.ts';

export interface Ran {
  readonly failure: Failure | undefined;
  /** How often each system call was made. */
  readonly calls: ReadonlyMap<string, number>;
}

/** Host seconds after which the kernel is taken to compute without yielding an instruction. */
const PATIENCE_SECONDS = 60;

/** Runs a case to its end. */
export function runCase(fuzz: FuzzCase): Ran {
  let trial: Trial | undefined;
  const calls = (): ReadonlyMap<string, number> => trial?.results.calls ?? new Map();
  try {
    const ran = watched(PATIENCE_SECONDS, () => {
      trial = new Trial(fuzz);
      return { failure: trial.run() };
    });
    const runaway = { invariant: 'runaway', message: 'the kernel computes without yielding an instruction' };
    return { failure: ran === undefined ? runaway : ran.failure, calls: calls() };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { failure: { invariant: 'emulator', message: `the emulator failed: ${what}` }, calls: calls() };
  }
}
