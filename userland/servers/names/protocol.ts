/**
 * The interface of the name server: which server files are reached by whose path begins with what. A server is known by the
 * name, of two words, under which it has exported its interface.
 */
import { bytes, defineInterface, immutable, procedure, word } from '../../ipc/index.ts';
import { PATH_BYTES } from '../../files/protocol.ts';

/** Bytes of a prefix, with the zero at its end. */
export const PREFIX_BYTES = 64;

const prefix = immutable(bytes(PREFIX_BYTES));

export const Names = defineInterface('names', {
  /** Makes a server known for a prefix. EEXIST: there is one. */
  register: procedure({ prefix, name0: word, name1: word }, { result: word }),
  /** Takes that back. */
  withdraw: procedure({ prefix }, { result: word }),
  /** The server of the longest prefix of a path; `result` is its length, or ENOENT. */
  resolve: procedure({ path: immutable(bytes(PATH_BYTES)) }, { result: word, name0: word, name1: word }),
});
