/**
 * Kinds of parameters and results of a procedure that is called in another protection domain.
 *
 * A word travels by value. Bytes are a block of fixed size, named by its address on the caller's side, and by that
 * of a copy on the server's. Blocks begin on a word. Marked *immutable*, the server's copy cannot change under its
 * hands even where client and server share the memory that arguments lie in. *By reference*, it comes back: what the
 * server has made of it is there after the call, in the client's block (copy and restore; LRPC paper, 3.5).
 */

/** A 32-bit word. */
export interface WordKind {
  readonly kind: 'word';
  readonly size: 4;
}

/** A block of memory. */
export interface BytesKind {
  readonly kind: 'bytes';
  /** Bytes. */
  readonly size: number;
  readonly immutable: boolean;
  readonly byReference: boolean;
}

export type Kind = WordKind | BytesKind;

/** Bytes that a block may have. */
const MOST_BYTES = 1024;

/** A word, by value. */
export const word: WordKind = Object.freeze({ kind: 'word', size: 4 });

/**
 * A block of `size` bytes, by value.
 * @throws RangeError unless 1 ≤ size ≤ 1024
 */
export const bytes = (size: number): BytesKind => {
  if (!Number.isInteger(size) || size < 1 || size > MOST_BYTES) {
    throw new RangeError(`bytes(${size}): a block has 1 to ${MOST_BYTES} bytes`);
  }
  return Object.freeze({ kind: 'bytes', size, immutable: false, byReference: false });
};

/** The same block, of which the server gets a copy that nobody else can change. For arguments. */
export const immutable = (kind: BytesKind): BytesKind => Object.freeze({ ...kind, immutable: true });

/** The same block, which comes back as the server leaves it. For arguments. */
export const byReference = (kind: BytesKind): BytesKind => Object.freeze({ ...kind, byReference: true });
