/**
 * The fields of a configuration by path (`l1.size`, `timing.memory`), so that `--set` can name every one of
 * them without a list of its own. A field's kind is that of its value in the preset.
 */
import { UsageError } from '../cli/exit.ts';
import { parseNumber } from './number.ts';

type Leaf = number | boolean | string;
type Tree = { readonly [key: string]: Leaf | Tree };

/** Fields that a choice of their own sets: the name of a preset is not a setting. */
const FIXED: ReadonlySet<string> = new Set(['preset']);

/** The paths of all fields that can be set. */
export function fieldPaths(config: object, prefix = ''): string[] {
  return Object.entries(config as Tree).flatMap(([key, value]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof value === 'object' && value !== null) return fieldPaths(value, path);
    return FIXED.has(path) ? [] : [path];
  });
}

/**
 * A copy of `config` with one field changed.
 * @throws UsageError when the text is not a value of the field's kind
 */
export function withField<T extends object>(config: T, path: string, text: string): T {
  return change(config as Tree, path.split('.'), (old) => parseLike(old, path, text)) as T;
}

/** A copy of `config` with one field changed; the value is of the field's kind. */
export const withValue = <T extends object>(config: T, path: string, value: Leaf): T =>
  change(config as Tree, path.split('.'), () => value) as T;

function change(tree: Tree, [key = '', ...rest]: readonly string[], leaf: (old: Leaf) => Leaf): Tree {
  const value = tree[key] as Leaf | Tree;
  return { ...tree, [key]: rest.length === 0 ? leaf(value as Leaf) : change(value as Tree, rest, leaf) };
}

function parseLike(old: Leaf, path: string, text: string): Leaf {
  if (typeof old === 'string') return text;
  if (typeof old === 'boolean') {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new UsageError(`--set ${path}=${text}: the value is 'true' or 'false'`);
  }
  const number = parseNumber(text);
  if (number === undefined)
    throw new UsageError(`--set ${path}=${text}: the value is a number, such as ${old}`);
  return number;
}
