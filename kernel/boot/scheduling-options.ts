/** What can be chosen about scheduling, and the facts that follow for the kernel. Host side, as the loader. */
import { NODE_BLOCK } from '../layout.ts';
import { parseDegree } from '../objects/degree.ts';
import { TYPE } from '../objects/types.ts';
import { MOST_REMEMBERED } from '../scheduling/ledger.ts';
import { ownPolicies } from '../scheduling/own-policies.ts';
import { POLICIES } from '../scheduling/policies.ts';
import type { Facts, ObjectOptions } from './object-options.ts';

/** Options about scheduling; `--set kernel.NAME=…` sets one. */
export interface SchedulingOptions {
  /** Name of the scheduling policy, or what `addPolicy` has given for one. Default round-robin. */
  readonly scheduler?: string;
  /** Whether idle harts take threads from the queues of others. Default: as the policy has it. */
  readonly stealing?: Switch;
  /** Cycles that an idle hart waits before it does. Default 2,000. */
  readonly procrastination?: number;
  /** Weights of weighted-priority. Default: 1 each. */
  readonly 'scheduler.base'?: number;
  readonly 'scheduler.age'?: number;
  readonly 'scheduler.affinity'?: number;
  /** Harts that limited-minimum-intervening remembers of each thread. Default 2. */
  readonly 'scheduler.remembered'?: number;
  /** Bytes for which cache-aware chooses threads that run together on a node. Default: the machine's last-level cache. */
  readonly 'scheduler.cache'?: number;
}

export const SWITCH = Object.freeze(['off', 'on'] as const);
export type Switch = (typeof SWITCH)[number];

/** Between which values the options in numbers lie, what they are if nothing is said, and where they stand. */
const NUMBERS = Object.freeze({
  procrastination: { least: 0, most: (1 << 30) - 1, standard: 2000, word: NODE_BLOCK.procrastination },
  'scheduler.base': { least: 0, most: 1000, standard: 1, word: NODE_BLOCK.weightBase },
  'scheduler.age': { least: 0, most: 1000, standard: 1, word: NODE_BLOCK.weightAge },
  'scheduler.affinity': { least: 0, most: 1000, standard: 1, word: NODE_BLOCK.weightAffinity },
  'scheduler.remembered': { least: 1, most: MOST_REMEMBERED, standard: 2, word: NODE_BLOCK.remembered },
  'scheduler.cache': { least: 0, most: (1 << 30) - 1, standard: 0, word: NODE_BLOCK.sharedCache },
});

type NumberName = keyof typeof NUMBERS;
export const SCHEDULING_LIMITS: Readonly<
  Record<NumberName, { readonly least: number; readonly most: number }>
> = NUMBERS;

/** @throws RangeError when an option has a value that it cannot have */
export function schedulingFacts(options: SchedulingOptions & ObjectOptions): Facts {
  const { scheduler = POLICIES[0]?.name, stealing } = options;
  const choices = [...POLICIES.map((row) => ({ name: row.name, policy: row })), ...ownPolicies()];
  const number = choices.findIndex(({ name }) => name === scheduler);
  const policy = choices[number]?.policy;
  check(policy !== undefined, `there is no scheduling policy "${scheduler}"`);
  check(stealing === undefined || SWITCH.includes(stealing), 'stealing is on or off');
  const steals = stealing === undefined ? policy?.steals === true : stealing === 'on';
  const degree = options['objects.runQueue'] ?? policy?.degree;
  return [
    [NODE_BLOCK.policy, number],
    [NODE_BLOCK.steals, steals ? 1 : 0],
    ...Object.entries(NUMBERS).map(([name, { least, most, standard, word }]) => {
      const value = options[name as NumberName] ?? standard;
      const isGood = Number.isInteger(value) && value >= least && value <= most;
      check(isGood, `${name} is not a whole number from ${least} to ${most}`);
      return [word, value] as const;
    }),
    // After the facts of objects: without an option, the policy says.
    ...(degree === undefined
      ? []
      : [[NODE_BLOCK.degrees + 4 * TYPE.runQueue, parseDegree(degree) ?? 0] as const]),
  ];
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new RangeError(message);
}
