/**
 * Kinds of parameters and results of a procedure that is called in another protection domain.
 *
 * A word travels by value. Bytes are a block of fixed size, named by its address on the caller's side, and by that
 * of a copy on the server's. Blocks begin on a word. Marked *immutable*, the server's copy cannot change under its
 * hands even where client and server share the memory that arguments lie in. *By reference*, it comes back: what the
 * server has made of it is there after the call, in the client's block (copy and restore; LRPC paper, 3.5).
 * An argument of *variable* size has as many bytes as each call says.
 */
import { LIMIT } from '../../kernel/abi/index.ts';

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

/** A block of as many bytes as a call says, `size` at most; for arguments, one of a procedure's. */
export interface VariableKind {
  readonly kind: 'variable';
  readonly size: number;
  readonly immutable: boolean;
}

export type Kind = WordKind | BytesKind | VariableKind;

/** Bytes that a block may have. */
const MOST_BYTES = LIMIT.SEGMENT / 2;

/** A word, by value. */
export const word: WordKind = Object.freeze({ kind: 'word', size: 4 });

/**
 * A block of `size` bytes, by value. Large ones want a transport that has segments.
 * @throws RangeError unless it has 1 byte to half as many as a segment may have
 */
export const bytes = (size: number): BytesKind => {
  checkSize(`bytes(${size})`, size);
  return Object.freeze({ kind: 'bytes', size, immutable: false, byReference: false });
};

/**
 * A block of at most `size` bytes, by value: an argument that is given as its address and its bytes.
 * @throws RangeError as `bytes`
 */
export const variable = (size: number): VariableKind => {
  checkSize(`variable(${size})`, size);
  return Object.freeze({ kind: 'variable', size, immutable: false });
};

function checkSize(what: string, size: number): void {
  if (!Number.isInteger(size) || size < 1 || size > MOST_BYTES)
    throw new RangeError(`${what}: a block has 1 to ${MOST_BYTES} bytes`);
}

/** The same block, of which the server gets a copy that nobody else can change. For arguments. */
export const immutable = <K extends BytesKind | VariableKind>(kind: K): K =>
  Object.freeze<K>({ ...kind, immutable: true });

/** The same block, which comes back as the server leaves it. For arguments. */
export const byReference = (kind: BytesKind): BytesKind => Object.freeze({ ...kind, byReference: true });
