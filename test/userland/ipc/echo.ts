/** The interface with which calls are measured (LRPC paper, table IV), and what its procedures do. */
import { load, store } from '../../../hw/isa/index.ts';
import {
  byReference,
  bytes,
  defineInterface,
  immutable,
  implement,
  procedure,
  word,
} from '../../../userland/ipc/index.ts';

export const Echo = defineInterface('echo', {
  null: procedure({}, {}),
  add: procedure({ a: word, b: word }, { sum: word }),
  bigIn: procedure({ data: bytes(200) }, { first: word }),
  bigInOut: procedure({ data: bytes(200) }, { data: bytes(200) }),
  keep: procedure({ data: immutable(bytes(200)) }, { first: word }),
  change: procedure({ key: word, data: byReference(bytes(6)) }, { before: word }),
});

export const echo = implement(Echo, {
  *null() {
    return {};
  },
  *add({ a, b }) {
    return { sum: (a + b) | 0 };
  },
  *bigIn({ data }) {
    return { first: yield load(data) };
  },
  *bigInOut({ data }, into) {
    for (let offset = 0; offset < 200; offset += 4)
      yield store(into.data + offset, ~(yield load(data + offset)));
    return {};
  },
  *keep({ data }) {
    return { first: yield load(data) };
  },
  *change({ key, data }) {
    const before = yield load(data);
    yield store(data, before ^ key);
    return { before };
  },
});
