/**
 * From what stands behind `--lock` or `--barrier` to the word that a program is started with: a listed kind, or a
 * file of the user's own whose default export is one.
 */
import type { Program } from '../../userland/program.ts';
import { PROGRAMS } from '../../userland/programs/index.ts';
import { type BarrierKind, barrierKinds, type LockKind, lockKinds } from '../../userland/sync/index.ts';
import { UsageError } from '../cli/exit.ts';
import { unknown } from '../cli/nearest.ts';
import { loadFile, looksLikePath } from './load-file.ts';
import { type Locator, noLocator } from './location.ts';

/** What a kind must have, and of which type each part is. */
type Shape = Readonly<Record<string, 'string' | 'boolean' | 'number' | 'function'>>;

const SORTS = {
  lock: {
    kinds: lockKinds,
    shape: {
      id: 'string',
      summary: 'string',
      fifo: 'boolean',
      blocking: 'boolean',
      size: 'function',
      nodeSize: 'number',
      at: 'function',
    } satisfies Shape,
    ending: 'export default { id, summary, … } satisfies LockKind',
  },
  barrier: {
    kinds: barrierKinds,
    shape: { id: 'string', summary: 'string', size: 'function', at: 'function' } satisfies Shape,
    ending: 'export default { id, summary, … } satisfies BarrierKind',
  },
} as const;

/** What a kind is, by the name of the parameter, or factor, that chooses one. */
interface KindOf {
  readonly lock: LockKind;
  readonly barrier: BarrierKind;
}

/** The parameters of a program that choose a kind, by name. */
export type Sort = keyof typeof SORTS;
export const SORT_NAMES = Object.keys(SORTS) as Sort[];

/** What was chosen: listed ids or paths of files. */
export type KindChoices = { readonly [S in Sort]?: string | undefined };

/** A kind of the user's own, from a file. */
export interface OwnKind<S extends Sort> {
  readonly kind: KindOf[S];
  /** The file, as short as it can be. */
  readonly name: string;
  readonly locate: Locator;
}

/** The words that the choices stand for, by the name of the parameter, and a way into the user's files. */
export interface ChosenKinds {
  readonly words: Readonly<Record<string, number>>;
  readonly locate: Locator;
}

/**
 * Loads the kinds that a program is to be started with.
 * @throws UsageError when the program takes none, or there is no such kind
 */
export async function loadKinds(
  program: Program,
  choices: KindChoices,
  isChecked: boolean,
): Promise<ChosenKinds> {
  const words: Record<string, number> = {};
  const locators: Locator[] = [];
  for (const sort of SORT_NAMES) {
    const given = choices[sort];
    if (given === undefined) continue;
    if (!(sort in program.parameters)) throw new UsageError(takesNone(program, sort));
    const { word, locate } = await loadKind(sort, given, isChecked);
    words[sort] = word;
    locators.push(locate);
  }
  return {
    words,
    locate: (error) => locators.map((find) => find(error)).find((place) => place !== undefined),
  };
}

/**
 * Refuses a lock or barrier whose waiters sleep where there is no kernel for it.
 * @param parameters the program's words
 */
export function checkBareKinds(program: Program, parameters: readonly number[]): void {
  for (const sort of SORT_NAMES) {
    const word = parameters[Object.keys(program.parameters).indexOf(sort)];
    if (word === undefined) continue;
    const { id, blocking } = SORTS[sort].kinds.chosen(word);
    if (blocking === true)
      throw new UsageError(`${sort} ${id} makes waiters sleep in the kernel: not with --bare`);
  }
}

async function loadKind(
  sort: Sort,
  given: string,
  isChecked: boolean,
): Promise<{ word: number; locate: Locator }> {
  const { kinds } = SORTS[sort];
  const listed = kinds.ids.indexOf(given);
  if (listed >= 0) return { word: listed, locate: noLocator };
  if (!looksLikePath(given)) throw new UsageError(unknown(sort, given, kinds.ids));
  const { kind, locate } = await loadOwnKind(sort, given, isChecked);
  const word = sort === 'lock' ? lockKinds.add(kind as LockKind) : barrierKinds.add(kind as BarrierKind);
  return { word, locate };
}

/**
 * Loads a kind from a file of the user's own.
 * @param isChecked whether its types were checked before
 * @throws UsageError when there is no such file, or it is not of this sort
 */
export async function loadOwnKind<S extends Sort>(
  sort: S,
  file: string,
  isChecked: boolean,
): Promise<OwnKind<S>> {
  const { kinds, shape, ending } = SORTS[sort];
  const { exported, name, locate } = await loadFile(
    file,
    { noun: sort, listed: kinds.ids, ending },
    isChecked,
  );
  checkShape(exported, sort, shape, name);
  return { kind: exported as KindOf[S], name, locate };
}

/** A JavaScript file is not type-checked: what a kind must have is looked for. */
function checkShape(exported: unknown, sort: Sort, shape: Shape, file: string): void {
  if (typeof exported !== 'object' || exported === null) {
    throw new UsageError(`${file}: the default export is not a ${sort}; end it with '${SORTS[sort].ending}'`);
  }
  for (const [part, type] of Object.entries(shape)) {
    const found = typeof (exported as Record<string, unknown>)[part];
    if (found === type) continue;
    const what = found === 'undefined' ? 'is missing' : `is a ${found}`;
    throw new UsageError(`${file}: not a ${sort}: its '${part}', a ${type}, ${what}`);
  }
}

function takesNone(program: Program, sort: Sort): string {
  const takers = PROGRAMS.filter(({ parameters }) => sort in parameters).map(({ name }) => name);
  return `program ${program.name} takes no --${sort}; those that do: ${takers.join(', ')}`;
}
