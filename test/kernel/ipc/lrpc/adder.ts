/** A server that can be called by LRPC, without stubs, and what clients need to call it. */
import { addressOf, type Code, type Instruction, load, store } from '../../../../hw/isa/index.ts';
import { A_STACKS, A_STACKS_SIZE, CALL_BLOCK, ERROR } from '../../../../kernel/abi/index.ts';
import { check, sys } from '../../run.ts';

export const NAME: readonly [number, number] = [0x0add, 0];
/** Where in the stack of a thread there is room for tests, below its thread block. */
export const ROOM = 2048;

/** Adds the first two words of the A-stack, and the word that the server gave, into the third. */
function* add(aStack: number, block: number): Code<number> {
  const word = yield load(block + CALL_BLOCK.WORD);
  yield store(aStack + 8, ((yield load(aStack)) + (yield load(aStack + 4)) + word) | 0);
  // Its own stack is its own.
  yield store((yield load(block + CALL_BLOCK.STACK)) + 4096, aStack);
  yield sys('lrpcReturn');
  return 1;
}

/** Returns without a system call. */
function* nothing(): Code<number> {
  return 7;
}

/** Never returns. */
function* spin(): Code<number> {
  for (;;) yield sys('yield');
}

/** Throws an exception: stores where nothing is. */
function* crash(): Code<number> {
  yield store(0x6000_0000, 1);
  return 0;
}

/** Sleeps as many cycles as the first word says. */
function* doze(aStack: number): Code<number> {
  yield store(aStack + 4, yield sys('sleep', yield load(aStack)));
  yield sys('lrpcReturn');
  return 1;
}

export const PROCEDURE = { add: 0, nothing: 1, spin: 2, crash: 3, doze: 4 } as const;
/** Simultaneous calls of each. */
export const CALLS = 3;

const ENTRIES = [add, nothing, spin, crash, doze];

/** Stores the descriptors at an address and exports the interface; gives what lrpcExport gives. */
export function* exportAdder(at: number, word = 0, name = NAME): Code<number> {
  for (let index = 0; index < ENTRIES.length; index += 1) {
    const entry = yield addressOf(ENTRIES[index] as (typeof ENTRIES)[number]);
    yield store(at + 12 * index, entry);
    yield store(at + 12 * index + 4, 16);
    yield store(at + 12 * index + 8, CALLS);
  }
  return yield sys('lrpcExport', ...name, at, ENTRIES.length, word);
}

/** A server: exports, and waits for its end. */
export function* server(word: number, block: number): Code<number> {
  yield* check((yield* exportAdder(block - ROOM, word)) > 0 ? 1 : 0, 1, 101);
  for (;;) yield sys('sleep', 1 << 28);
}

/** Binds, as soon as somebody has exported the name; gives the binding. Where A-stacks lie is stored at `at`. */
export function* bindAt(at: number, name = NAME): Code<number> {
  for (;;) {
    const binding = yield sys('lrpcBind', ...name, at, ENTRIES.length);
    if (binding !== ERROR.ESRCH) return binding;
    yield sys('sleep', 1000);
  }
}

/** Address of an A-stack of a procedure. */
export function* aStackOf(at: number, procedure: number, index = 0): Code<number> {
  const row = at + procedure * A_STACKS_SIZE;
  return (yield load(row + A_STACKS.BASE)) + index * (yield load(row + A_STACKS.STRIDE));
}

/** A call of a procedure with its first A-stack. */
export function* callFirst(at: number, binding: number, procedure: number): Code<number> {
  return yield lrpcCall(binding, procedure, yield* aStackOf(at, procedure));
}

export const lrpcCall = (binding: number, procedure: number, aStack: number): Instruction =>
  sys('lrpcCall', binding, procedure, aStack);
