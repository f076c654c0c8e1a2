/** The command that runs a program once more by a schedule: with all options that matter, to be pasted into a shell. */
import type { RunOptions } from '../cli/run-options.ts';

/** The options of a search that its replay needs. */
export interface ReplayedOptions extends RunOptions {
  readonly events?: boolean;
}

/** What the options are where they are not given. */
export interface Defaults {
  readonly machine: string;
  readonly seed: number;
  readonly maxSteps: number;
  readonly watchdog: number;
}

const PLAIN = /^[\w@%+=:,./-]+$/;

/** A word as a POSIX shell reads it. */
export const quoted = (word: string): string =>
  PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** @param options those of the search; of them, the ones that are not the defaults are given again */
export function replayCommand(
  target: string,
  options: ReplayedOptions,
  defaults: Defaults,
  schedule: string,
): string {
  const { bare, machine, harts, nodes, seed, coherence, consistency, lock, barrier } = options;
  const { set, maxSteps, watchdog, events } = options;
  const unless = <T>(usual: T, value: T): T | undefined => (value === usual ? undefined : value);
  const given = {
    machine: unless(defaults.machine, machine),
    harts,
    nodes,
    seed: unless(defaults.seed, seed),
    coherence,
    consistency,
    lock,
    barrier,
    'max-steps': unless(defaults.maxSteps, maxSteps),
    watchdog: unless(defaults.watchdog, watchdog),
  };
  const words = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
  const settings = [...(set ?? [])].flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const switches = [...(bare ? ['--bare'] : []), ...(events ? ['--events'] : [])];
  const all = ['eddy', 'run', ...switches, target, ...words, ...settings];
  return `${all.map(quoted).join(' ')} --replay '${schedule}'`;
}
