/**
 * A scheduling policy of the user's own: a file whose default export is a discipline (kernel/scheduling/discipline.ts), or
 * a whole policy, as `queued` makes them.
 */
import { addPolicy, type Discipline, POLICIES, type Policy, queued } from '../../kernel/index.ts';
import { UsageError } from '../cli/exit.ts';
import { unknown } from '../cli/nearest.ts';
import { loadFile, looksLikePath, type Wanted } from './load-file.ts';
import { type Locator, noLocator } from './location.ts';

const KEY = 'kernel.scheduler';
const DEGREES = ['shared', 'node', 'hart'];

const SCHEDULER: Wanted = {
  noun: 'scheduler',
  listed: POLICIES.map(({ name }) => name),
  ending: 'export default { name, summary, degree, … } satisfies Discipline',
};

/** The procedures that a discipline may have, and those that a policy has. */
const MAY_HAVE = ['route', 'rank', 'queues', 'runs'] as const satisfies readonly (keyof Discipline)[];
const HAS = [
  'ready',
  'pick',
  'idle',
  'slices',
  'reranked',
  'waiting',
  'place',
  'hasten',
] as const satisfies readonly (keyof Policy)[];

/** Settings in which a file, if one was given, is replaced by the name of the policy that it holds. */
export interface LoadedScheduler {
  /** The name of the user's policy, if there is one. */
  readonly scheduler: string | undefined;
  /** The other settings. */
  readonly set: ReadonlyMap<string, string>;
  readonly locate: Locator;
}

/**
 * Loads the file that `--set kernel.scheduler=` names, if it names one.
 * @param isChecked whether its types were checked before
 * @throws UsageError when there is no such file, or it holds no scheduler: one line, or one per type error
 */
export async function loadScheduler(
  set: ReadonlyMap<string, string>,
  isChecked: boolean,
): Promise<LoadedScheduler> {
  const given = set.get(KEY);
  if (given === undefined || !looksLikePath(given)) return { scheduler: undefined, set, locate: noLocator };
  const { exported, name, locate } = await loadFile(given, SCHEDULER, isChecked);
  const rest = new Map([...set].filter(([key]) => key !== KEY));
  return { scheduler: addPolicy(policyFrom(exported, name)), set: rest, locate };
}

/** A JavaScript file is not type-checked: what a scheduler must have is looked for. */
function policyFrom(exported: unknown, file: string): Policy {
  if (typeof exported !== 'object' || exported === null)
    throw new UsageError(`${file}: the default export is not a scheduler; end it with '${SCHEDULER.ending}'`);
  const found = exported as Readonly<Record<string, unknown>>;
  for (const part of ['name', 'summary'])
    if (typeof found[part] !== 'string') refuse(file, part, 'a string', found);
  if ('pick' in found) {
    for (const part of HAS) if (typeof found[part] !== 'function') refuse(file, part, 'a function', found);
    return exported as Policy;
  }
  if (!DEGREES.includes(found['degree'] as string))
    throw new UsageError(
      `${file}: not a scheduler: its ${unknown('degree', String(found['degree']), DEGREES)}`,
    );
  for (const part of MAY_HAVE)
    if (found[part] !== undefined && typeof found[part] !== 'function')
      refuse(file, part, 'a function', found);
  return queued(exported as Discipline);
}

function refuse(file: string, part: string, wanted: string, found: Readonly<Record<string, unknown>>): never {
  const is = found[part] === undefined ? 'is missing' : `is a ${typeof found[part]}`;
  throw new UsageError(`${file}: not a scheduler: its '${part}', ${wanted}, ${is}`);
}
