/** The interface with which the program `rpc` measures calls, as table IV of the LRPC paper does, and what it does. */
import { load, store } from '../../hw/isa/index.ts';
import { LINE } from '../runtime/line.ts';
import { bytes, defineInterface, immutable, implement, procedure, word } from '../ipc/index.ts';

/** Bytes of the large argument and result. */
export const BIG = 200;

export const Echo = defineInterface('rpc-echo', {
  null: procedure({}, {}),
  add: procedure({ a: word, b: word }, { sum: word }),
  bigIn: procedure({ data: bytes(BIG) }, { last: word }),
  bigInOut: procedure({ data: bytes(BIG) }, { data: bytes(BIG) }),
  immutable: procedure({ data: immutable(bytes(BIG)) }, { last: word }),
  browse: procedure({ bytes: word }, { lines: word }),
});

export const echo = implement(Echo, {
  *null() {
    return {};
  },
  *add({ a, b }) {
    return { sum: (a + b) | 0 };
  },
  *bigIn({ data }) {
    return { last: yield load(data + BIG - 4) };
  },
  *immutable({ data }) {
    return { last: yield load(data + BIG - 4) };
  },
  /** Reads memory of the server's: its state is where that begins. */
  *browse({ bytes: count }, _into, memory) {
    const lines = Math.ceil(count / LINE);
    for (let line = 0; line < lines; line++) yield load(memory + line * LINE);
    return { lines };
  },
  *bigInOut({ data }, into) {
    for (let offset = 0; offset < BIG; offset += 4)
      yield store(into.data + offset, (yield load(data + offset)) + 1);
    return {};
  },
});
