/**
 * `eddy experiment --lock FILE` and `--barrier FILE`: the experiment with a kind of the user's own as a further value
 * of the factor of that name.
 */
import { UsageError } from '../cli/exit.ts';
import { nearest } from '../cli/nearest.ts';
import { looksLikePath } from '../load/load-file.ts';
import { type KindChoices, loadOwnKind, type OwnKind, type Sort } from '../load/load-kind.ts';
import { barrierKinds, lockKinds } from '../../userland/index.ts';
import type { Experiment } from './framework/experiment.ts';

/** What an id may look like: it stands in lists of `--set`, in tables and in files. */
const ID = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u;

/**
 * @param isChecked whether the types in the files were checked before
 * @throws UsageError when a file cannot be loaded, or is no kind that can be measured without a kernel
 */
export async function withOwnKinds(
  experiment: Experiment,
  { lock, barrier }: KindChoices = {},
  isChecked = false,
): Promise<Experiment> {
  let extended = experiment;
  if (lock !== undefined && extended.takes?.lock !== undefined)
    extended = extended.takes.lock(await ownKind(experiment, 'lock', lock, isChecked));
  if (barrier !== undefined && extended.takes?.barrier !== undefined)
    extended = extended.takes.barrier(await ownKind(experiment, 'barrier', barrier, isChecked));
  return extended;
}

async function ownKind<S extends Sort>(
  experiment: Experiment,
  sort: S,
  given: string,
  isChecked: boolean,
): Promise<OwnKind<S>> {
  const values = experiment.factors[sort]?.values.map(String) ?? [];
  if (!looksLikePath(given)) throw new UsageError(notAFile(sort, given, values));
  const own = await loadOwnKind(sort, given, isChecked);
  const { id, blocking } = own.kind;
  const kinds = sort === 'lock' ? lockKinds : barrierKinds;
  if (!ID.test(id))
    throw new UsageError(
      `${own.name}: its 'id' is ${JSON.stringify(id)}; letters, digits and hyphens are wanted`,
    );
  if (kinds.ids.includes(id) || values.includes(id))
    throw new UsageError(`${own.name}: '${id}' is the id of a ${sort} of ours; give yours another one`);
  if (blocking === true)
    throw new UsageError(
      `${own.name}: ${sort} ${id} makes waiters sleep in the kernel, and ${experiment.id} measures without one`,
    );
  return own;
}

/** Ours are chosen as values of the factor, and in no other way. */
function notAFile(sort: Sort, given: string, values: readonly string[]): string {
  const takes = `--${sort} takes a file of your own here`;
  return values.includes(given)
    ? `--${sort} ${given}: ${takes}; ours are chosen by --set ${sort}=${given}`
    : `--${sort} ${given}: ${takes}, and there is no such ${sort} of ours; did you mean --set ${sort}=${nearest(given, values)}?`;
}
