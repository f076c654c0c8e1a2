/** The document of `eddy fuzz --json`, and the same for people. Fields may be added, never renamed. */
import { SYSCALLS } from '../../kernel/abi/index.ts';
import { formatUserProgram } from '../testing/programs/text.ts';
import { count } from '../view/text.ts';
import { formatCase, formatMachine, scheduleText } from './case-text.ts';
import { formatFaults } from './fault-text.ts';
import type { FailedCase } from './shrink-case.ts';

/** A way in which the kernel failed, with the simplest case that shows it. */
export interface ReportedFailure {
  readonly message: string;
  readonly program: string;
  /** `timed`, `random SEED`, or switches. */
  readonly schedule: string;
  /** The preset, and what of it and of the kernel's options is not as usual. */
  readonly machine: string;
  /** What went wrong with the machine: `diskError 3`, `delay timer 2 500`. */
  readonly faults: string;
  /** By which two failures are the same: `panic.5`, `hang`, `stuck`, `result.mmap`, `invariant.frames`, … */
  readonly invariant: string;
  /** How many of the programs failed so, and the number of the first. */
  readonly occurrences: number;
  readonly first: number;
  /** The command that runs it again. */
  readonly replay: string;
}

export interface FuzzResult {
  readonly seed: number;
  /** Programs that were run. */
  readonly programs: number;
  /** How often each system call was made. */
  readonly syscalls: Readonly<Record<string, number>>;
  readonly failures: readonly ReportedFailure[];
  readonly hostSeconds: number;
}

/** The counts of all system calls, those that were never made included. */
export function countsOf(calls: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries(SYSCALLS.map(({ name }) => [name, calls.get(name) ?? 0]));
}

/** A failure as it is reported. */
export function reported({ fuzz, failure }: FailedCase, occurrences: number, first: number): ReportedFailure {
  const oneLine = formatCase(fuzz)
    .split('\n')
    .map((line) => line.trim())
    .join('; ');
  return {
    message: failure.message,
    program: formatUserProgram(fuzz.program),
    schedule: scheduleText(fuzz.schedule),
    machine: formatMachine(fuzz),
    faults: formatFaults(fuzz.faults),
    invariant: failure.invariant,
    occurrences,
    first,
    replay: `eddy fuzz --replay '${oneLine}'`,
  };
}

/** What was found, and how to see it again. */
export function resultInWords({ seed, programs, syscalls, failures, hostSeconds }: FuzzResult): string {
  const calls = Object.values(syscalls).reduce((sum, made) => sum + made, 0);
  const tried = `${count(programs)} program${programs === 1 ? '' : 's'} with ${count(calls)} system calls`;
  const when = `seed ${seed}, ${hostSeconds.toFixed(1)} s, ${count(programs / hostSeconds)} programs/s`;
  if (failures.length === 0) return `nothing broke in ${tried} (${when})\n`;
  const each = failures.map((failure) =>
    [
      '',
      failure.message,
      `${failure.occurrences} of the programs; the simplest:`,
      `on ${failure.machine}`,
      ...(failure.faults === '' ? [] : [`faults ${failure.faults}`]),
      `schedule ${failure.schedule}`,
      failure.program,
      `run it again: ${failure.replay}`,
    ].join('\n'),
  );
  const ways = `${failures.length} way${failures.length === 1 ? '' : 's'}`;
  return [`the kernel failed in ${ways} in ${tried} (${when})`, ...each, ''].join('\n');
}
