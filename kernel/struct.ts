/**
 * Layouts of structures in emulated memory.
 *
 * `struct({ lock: word, name: words(4) })` gives the byte offset of each field and the SIZE of the whole. A
 * field marked `onLine` begins a new cache line, so that what different harts write lies on different lines.
 */

/** Bytes that layouts take for a cache line. Machines with longer lines work, with some false sharing. */
export const LINE = 64;

/** One field: how many words it has, and to what its offset is aligned. */
export interface Field {
  readonly words: number;
  readonly align: number;
}

/** A word. */
export const word: Field = Object.freeze({ words: 1, align: 4 });

/** An array of `count` words. */
export const words = (count: number): Field => ({ words: count, align: 4 });

/** The same field, at the beginning of a cache line. */
export const onLine = (field: Field = word): Field => ({ words: field.words, align: LINE });

/** Byte offsets by field name, and SIZE in bytes. */
export type Layout<T> = { readonly [K in keyof T]: number } & { readonly SIZE: number };

/** Lays the fields out in the order in which they are declared. */
export const struct = <T extends Record<string, Field>>(fields: T): Layout<T> => {
  let offset = 0;
  const offsets: Record<string, number> = {};
  for (const [name, field] of Object.entries(fields)) {
    offset = roundUp(offset, field.align);
    offsets[name] = offset;
    offset += 4 * field.words;
  }
  return Object.freeze({ ...offsets, SIZE: offset }) as Layout<T>;
};

/** The least multiple of `unit` (a power of two) that is not below `value`. */
export const roundUp = (value: number, unit: number): number => (value + unit - 1) & -unit;
