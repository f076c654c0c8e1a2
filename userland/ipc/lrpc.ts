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
  lrpcUnbind,
  mmap,
  munmap,
} from '../runtime/system-calls.ts';
import { fillList, giveStack, LIST_SIZE, takeStack } from './a-stack-list.ts';
import type { Interface, Signature } from './interface.ts';
import type { Server } from './server.ts';
import type { Transport } from './transport.ts';

/** A binding: the handle; what the kernel says of A-stacks; a list for each procedure. */
const BINDING = { HANDLE: 0, PROCEDURES: 4, STACKS: 8 } as const;

/** The lists begin on a line, wherever the binding does. */
const listsOf = (binding: number, procedures: number): number =>
  roundUp(binding + BINDING.STACKS + procedures * A_STACKS_SIZE, LINE);

/** What a server's procedures find: their state, and whether it is there yet. */
const SERVED = { STATE: 0, READY: 4, NEVER: 8, DESCRIPTORS: LINE } as const;

function* listOf(binding: number, index: number): Code<number> {
  return listsOf(binding, yield load(binding + BINDING.PROCEDURES)) + index * LIST_SIZE;
}

// DOC: lrpc-server-stub
/** The server stub of a procedure, up to which the kernel calls: runs it on the A-stack, and returns to the caller. */
export function* runOnStack(server: Server, index: number, aStack: number, block: number): Code<number> {
  const served = yield load(block + CALL_BLOCK.WORD);
  while ((yield load(served + SERVED.READY)) === 0) yield* futexWait(served + SERVED.READY, 0, 0);
  const stack = yield load(block + CALL_BLOCK.STACK);
  yield* server.run(index, aStack, true, stack, yield load(served + SERVED.STATE));
  return yield* lrpcReturn();
}

export const lrpc: Transport = Object.freeze({
  name: 'lrpc',
  shared: true,
  bindingSize: ({ signatures }: Interface) =>
    BINDING.STACKS + signatures.length * (A_STACKS_SIZE + LIST_SIZE) + LINE,
  *bind(binding: number, wanted: Interface): Code<number> {
    const procedures = wanted.signatures.length;
    const stacks = binding + BINDING.STACKS;
    const handle = yield* lrpcBind(...wanted.words, stacks, procedures);
    if (handle < 0) return handle;
    yield store(binding + BINDING.HANDLE, handle);
    yield store(binding + BINDING.PROCEDURES, procedures);
    for (let index = 0; index < procedures; index++) {
      const row = stacks + index * A_STACKS_SIZE;
      const base = yield load(row + A_STACKS.BASE);
      const stride = yield load(row + A_STACKS.STRIDE);
      yield* fillList(yield* listOf(binding, index), base, stride, yield load(row + A_STACKS.COUNT));
    }
    return 0;
  },
  *take(binding: number, { index }: Signature): Code<number> {
    return yield* takeStack(yield* listOf(binding, index), yield load(binding + BINDING.HANDLE), index);
  },
  *call(binding: number, { index }: Signature, message: number): Code<number> {
    return yield* lrpcCall(yield load(binding + BINDING.HANDLE), index, message);
  },
  *give(binding: number, { index }: Signature, message: number): Code {
    yield* giveStack(yield* listOf(binding, index), message);
  },
  *unbind(binding: number): Code<number> {
    return yield* lrpcUnbind(yield load(binding + BINDING.HANDLE));
  },
  *export(server: Server): Code<number> {
    const { signatures, words } = server.exported;
    if (server.stack > LIMIT.STACK - LINE) return ERROR.EMSGSIZE;
    const served = yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0);
    if (served < 0) return served;
    for (const { index, layout, simultaneous } of signatures) {
      const at = served + SERVED.DESCRIPTORS + index * PROCEDURE_DESCRIPTOR_SIZE;
      yield store(at + PROCEDURE_DESCRIPTOR.ENTRY, yield addressOf(server.entries[index] as Entry));
      yield store(at + PROCEDURE_DESCRIPTOR.SIZE, layout.size);
      yield store(at + PROCEDURE_DESCRIPTOR.CALLS, simultaneous);
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
