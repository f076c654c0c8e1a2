/**
 * The transport of lightweight RPC (Bershad et al., TOCS 1990): the client's thread itself executes the procedure, in the
 * server's domain; arguments and results lie on an A-stack, which both domains see.
 *
 * A server needs no thread: `serve` says what the procedures work on, and waits. Calls that come before wait for it.
 */
import { addressOf, type Code, load, store } from '../../hw/isa/index.ts';
import {
  A_STACKS,
  A_STACKS_SIZE,
  CALL_BLOCK,
  ERROR,
  LIMIT,
  MAP,
  PROCEDURE_DESCRIPTOR,
  PROCEDURE_DESCRIPTOR_SIZE,
} from '../../kernel/abi/index.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import {
  futexWait,
  futexWake,
  lrpcBind,
  lrpcCall,
  lrpcExport,
  lrpcReturn,
  lrpcSegment,
  lrpcSegmentHere,
  lrpcUnbind,
  mmap,
  munmap,
} from '../runtime/system-calls.ts';
import { fillLists, giveStack, LISTS, LISTS_SIZE, takeStack } from './a-stack-list.ts';
import type { Interface, Signature } from './interface.ts';
import type { Server } from './server.ts';
import { BINDING, type Transport } from './transport.ts';

/** After these the server is on the A-stack still, for nobody knows how long: it is not used again. */
const KEPT: readonly number[] = Object.freeze([ERROR.ETIMEDOUT, ERROR.ECALLABORTED]);

/**
 * A binding as the threads of a hart see it: behind its beginning, where the lists of A-stacks lie, and which of them the
 * hart uses. There is one such view per list, one after the other; the binding's address is the first one's. They are only read,
 * but for the time-out.
 */
const VIEW = { LISTS: 8, OWN: 12, SIZE: 16 } as const;
/** Behind the views: what the kernel says of A-stacks. */
const STACKS = LISTS * VIEW.SIZE;

/** The lists begin on a line, wherever the binding does. */
const listsOf = (binding: number, procedures: number): number =>
  roundUp(binding + STACKS + procedures * A_STACKS_SIZE, LINE);

/** What a server's procedures find: their state, and whether it is there yet. */
const SERVED = { STATE: 0, READY: 4, NEVER: 8, DESCRIPTORS: LINE } as const;

function* listsFor(view: number, index: number): Code<number> {
  return (yield load(view + VIEW.LISTS)) + index * LISTS_SIZE;
}

// DOC: lrpc-server-stub
/** The server stub of a procedure, up to which the kernel calls: runs it on the A-stack, and returns to the caller. */
export function* runOnStack(server: Server, index: number, aStack: number, block: number): Code<number> {
  const served = yield load(block + CALL_BLOCK.WORD);
  while ((yield load(served + SERVED.READY)) === 0) yield* futexWait(served + SERVED.READY, 0, 0);
  const stack = yield load(block + CALL_BLOCK.STACK);
  const state = yield load(served + SERVED.STATE);
  // A client that has not said what it must gets nothing done.
  yield* server.run(index, { message: aStack, shared: true, stack, segment: lrpcSegmentHere }, state);
  return yield* lrpcReturn();
}

export const lrpc: Transport = Object.freeze({
  name: 'lrpc',
  shared: true,
  bindingSize: ({ signatures }: Interface) =>
    STACKS + signatures.length * (A_STACKS_SIZE + LISTS_SIZE) + LINE,
  *bind(binding: number, wanted: Interface): Code<number> {
    const procedures = wanted.signatures.length;
    const stacks = binding + STACKS;
    const handle = yield* lrpcBind(...wanted.words, stacks, procedures);
    if (handle < 0) return handle;
    const lists = listsOf(binding, procedures);
    for (let own = 0; own < LISTS; own++) {
      const view = binding + own * VIEW.SIZE;
      yield store(view + BINDING.HANDLE, handle);
      yield store(view + VIEW.LISTS, lists);
      yield store(view + VIEW.OWN, own);
    }
    for (const { index, lender } of wanted.signatures) {
      if (lender !== index) continue;
      const row = stacks + index * A_STACKS_SIZE;
      const base = yield load(row + A_STACKS.BASE);
      const stride = yield load(row + A_STACKS.STRIDE);
      yield* fillLists(lists + index * LISTS_SIZE, base, stride, yield load(row + A_STACKS.COUNT));
    }
    return 0;
  },
  near: (binding: number, hart: number) => binding + (hart % LISTS) * VIEW.SIZE,
  *take(view: number, { index, lender }: Signature): Code<number> {
    const lists = yield* listsFor(view, lender);
    return yield* takeStack(lists, yield load(view + VIEW.OWN), yield load(view + BINDING.HANDLE), index);
  },
  *segment(view: number, { index }: Signature, message: number, bytes: number): Code<number> {
    return yield* lrpcSegment(yield load(view + BINDING.HANDLE), index, message, bytes);
  },
  *call(view: number, { index }: Signature, message: number): Code<number> {
    const timeout = yield load(view + BINDING.TIMEOUT);
    return yield* lrpcCall(yield load(view + BINDING.HANDLE), index, message, timeout);
  },
  *give(view: number, { lender }: Signature, message: number, error: number): Code {
    if (KEPT.includes(error)) return;
    yield* giveStack(yield* listsFor(view, lender), yield load(view + VIEW.OWN), message);
  },
  *unbind(binding: number): Code<number> {
    return yield* lrpcUnbind(yield load(binding + BINDING.HANDLE));
  },
  *export(server: Server): Code<number> {
    const { signatures, words } = server.exported;
    if (server.stack > LIMIT.STACK - LINE) return ERROR.EMSGSIZE;
    const served = yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0);
    if (served < 0) return served;
    for (const { index, layout, simultaneous, lender } of signatures) {
      const at = served + SERVED.DESCRIPTORS + index * PROCEDURE_DESCRIPTOR_SIZE;
      yield store(at + PROCEDURE_DESCRIPTOR.ENTRY, yield addressOf(server.entries[index] as Entry));
      yield store(at + PROCEDURE_DESCRIPTOR.SIZE, layout.size);
      yield store(at + PROCEDURE_DESCRIPTOR.CALLS, lender === index ? simultaneous : 0);
    }
    const exported = yield* lrpcExport(...words, served + SERVED.DESCRIPTORS, signatures.length, served);
    if (exported >= 0) return served;
    yield* munmap(served, LIMIT.PAGE);
    return exported;
  },
  *serve(_server: Server, served: number, _memory: number, state: number): Code<number> {
    yield store(served + SERVED.STATE, state);
    yield store(served + SERVED.READY, 1);
    yield* futexWake(served + SERVED.READY, 1 << 30);
    for (;;) {
      const result = yield* futexWait(served + SERVED.NEVER, 0, 0);
      if (result < 0) return result;
    }
  },
});

type Entry = Server['entries'][number];
