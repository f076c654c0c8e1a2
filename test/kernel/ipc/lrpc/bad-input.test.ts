/** Wrong bindings, procedures, A-stacks and descriptors are refused by name, counted, and leave nothing behind. */
import { expect, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../../hw/isa/index.ts';
import { A_STACKS, A_STACKS_SIZE, ERROR, LIMIT } from '../../../../kernel/abi/index.ts';
import { HART } from '../../../../kernel/hart-local.ts';
import { Reader } from '../../../../kernel/inspect/reader.ts';
import { check, expectStatus, run, sys } from '../../run.ts';
import { aStackOf, bindAt, CALLS, exportAdder, lrpcCall, NAME, PROCEDURE, ROOM, server } from './adder.ts';

function* badCalls(_: number, block: number): Code<number> {
  const child = yield sys('spawn', yield addressOf(server), 0, -1);
  const at = block - ROOM;
  const binding = yield* bindAt(at);
  const aStack = yield* aStackOf(at, PROCEDURE.add);
  const other = yield* aStackOf(at, PROCEDURE.nothing);
  for (const forged of [0, 1, -1, 4, binding + 1, binding ^ 0x4000_0000, -binding, 0x7fff_ffff])
    yield* check(yield lrpcCall(forged, PROCEDURE.add, aStack), ERROR.EBADF, 1);
  for (const procedure of [-1, 5, 16, 0x7fff_ffff, -0x8000_0000])
    yield* check(yield lrpcCall(binding, procedure, aStack), ERROR.EINVAL, 2);
  for (const wrong of [
    0,
    4,
    -4,
    aStack + 4,
    aStack - 64,
    aStack + 1,
    other,
    block,
    0x7fff_ffff,
    -0x8000_0000,
  ])
    yield* check(yield lrpcCall(binding, PROCEDURE.add, wrong), ERROR.EFAULT, 3);
  yield* check(yield lrpcCall(binding, PROCEDURE.add, aStack), 0, 4);
  yield* check(yield sys('lrpcReturn'), ERROR.EPERM, 5);
  yield* check(yield sys('lrpcGrow', binding, 5), ERROR.EINVAL, 6);
  yield* check(yield sys('lrpcGrow', binding + 1, 0), ERROR.EBADF, 7);
  // What the kernel has mapped, the program does not unmap.
  yield* check(yield sys('munmap', aStack & -4096, 4096), ERROR.EINVAL, 8);
  yield* check(yield sys('lrpcUnbind', binding), 0, 9);
  yield* check(yield sys('lrpcUnbind', binding), ERROR.EBADF, 10);
  yield* check(yield lrpcCall(binding, PROCEDURE.add, aStack), ERROR.EBADF, 11);
  yield sys('kill', child);
  yield sys('wait', child, 0);
  return 0;
}

function* badExports(_: number, block: number): Code<number> {
  const at = block - ROOM;
  const [first, second] = NAME;
  const exported = yield* exportAdder(at);
  yield* check(exported > 0 ? 1 : 0, 1, 1);
  yield* check(yield* exportAdder(at), ERROR.EBUSY, 2);
  yield* check(yield sys('lrpcExport', 0, 0, at, 1, 0), ERROR.EINVAL, 3);
  for (const count of [0, -1, LIMIT.PROCEDURES + 1])
    yield* check(yield sys('lrpcExport', 7, 0, at, count, 0), ERROR.EINVAL, 4);
  for (const wrong of [0, at + 2, 0x6000_0000, -4])
    yield* check(yield sys('lrpcExport', 7, 0, wrong, 1, 0), ERROR.EFAULT, 5);
  const entry = yield load(at);
  for (const [code, size, calls, error] of [
    [0, 4, 1, ERROR.EINVAL],
    [at, 4, 1, ERROR.EINVAL],
    [entry, -1, 1, ERROR.EINVAL],
    [entry, LIMIT.A_STACK + 1, 1, ERROR.EMSGSIZE],
    [entry, 4, 0, ERROR.EINVAL],
    [entry, 4, LIMIT.CALLS + 1, ERROR.EINVAL],
  ] as const) {
    yield store(at, code);
    yield store(at + 4, size);
    yield store(at + 8, calls);
    yield* check(yield sys('lrpcExport', 7, 0, at, 1, 0), error, 6);
  }
  yield* check(yield sys('lrpcBind', first, second, at, 4), ERROR.EMSGSIZE, 7);
  yield* check(yield sys('lrpcBind', first, second, 0x6000_0000, 5), ERROR.EFAULT, 8);
  yield* check(yield sys('lrpcBind', first, second, at + 2, 5), ERROR.EFAULT, 9);
  yield* check(yield sys('lrpcBind', first, 1, at, 5), ERROR.ESRCH, 10);
  const binding = yield* bindAt(at);
  yield* check(yield sys('lrpcWithdraw', exported + 1), ERROR.EBADF, 11);
  yield* check(yield sys('lrpcWithdraw', exported), 0, 12);
  yield* check(yield sys('lrpcWithdraw', exported), ERROR.EBADF, 13);
  yield* check(yield sys('lrpcBind', first, second, at, 5), ERROR.ESRCH, 14);
  // Revoked, but still to be given back.
  yield* check(yield lrpcCall(binding, 0, yield* aStackOf(at, 0)), ERROR.ECALLFAILED, 15);
  yield* check(yield sys('lrpcGrow', binding, 0), ERROR.ECALLFAILED, 16);
  yield* check(yield sys('lrpcUnbind', binding), 0, 17);
  yield* check((yield* exportAdder(at)) > 0 ? 1 : 0, 1, 18);
  return 0;
}

/** Uses what its parent has: a binding is its process's alone. */
function* usesAnothers(binding: number, block: number): Code<number> {
  const at = block - ROOM;
  const own = yield* bindAt(at);
  const aStack = yield* aStackOf(at, PROCEDURE.add);
  yield* check(yield lrpcCall(binding, PROCEDURE.add, aStack), ERROR.EBADF, 1);
  yield* check(yield sys('lrpcUnbind', binding), ERROR.EBADF, 2);
  yield* check(yield sys('lrpcGrow', binding, 0), ERROR.EBADF, 3);
  yield* check(yield lrpcCall(own, PROCEDURE.add, aStack), 0, 4);
  return 0;
}

function* keepsItsOwn(_: number, block: number): Code<number> {
  const at = block - ROOM;
  yield* exportAdder(at);
  const binding = yield* bindAt(at);
  const child = yield sys('spawn', yield addressOf(usesAnothers), binding, -1);
  yield* check(yield sys('wait', child, block - 16), child, 11);
  yield* check(yield load(block - 16), 0, 12);
  return 0;
}

/** Stores the address at which it finds 64 bytes of its segment on the A-stack, and in the segment. */
function* looks(aStack: number): Code<number> {
  const at = yield sys('lrpcSegmentHere', yield load(aStack));
  yield store(aStack + 4, at);
  if (at > 0) yield store(at, (yield load(at)) + 1);
  return 0;
}

function* badSegments(_: number, block: number): Code<number> {
  const at = block - ROOM;
  yield store(at, yield addressOf(looks));
  yield store(at + 4, 16);
  yield store(at + 8, 2);
  yield* check((yield sys('lrpcExport', 8, 0, at, 1, 0)) > 0 ? 1 : 0, 1, 1);
  const binding = yield sys('lrpcBind', 8, 0, at, 1);
  const aStack = yield load(at);
  const segment = (bytes: number, where = aStack) => sys('lrpcSegment', binding, 0, where, bytes);
  yield* check(yield sys('lrpcSegment', binding + 1, 0, aStack, 64), ERROR.EBADF, 2);
  yield* check(yield sys('lrpcSegment', binding, 1, aStack, 64), ERROR.EINVAL, 3);
  yield* check(yield segment(64, aStack + 4), ERROR.EFAULT, 4);
  for (const bytes of [-1, LIMIT.SEGMENT + 1, 0x7fff_ffff])
    yield* check(yield segment(bytes), ERROR.EMSGSIZE, 5);
  yield* check(yield sys('lrpcSegmentHere', 64), ERROR.EPERM, 6);
  yield* check(yield* finds(binding, aStack, 64), ERROR.EMSGSIZE, 7);
  yield* check(yield segment(0), 0, 8);
  for (const bytes of [64, 5000, LIMIT.SEGMENT]) {
    const mine = yield segment(bytes);
    yield store(mine, bytes);
    const there = yield* finds(binding, aStack, bytes);
    yield* check(there > 0 && there !== mine ? 1 : 0, 1, 9);
    yield* check(yield load(mine), bytes + 1, 10);
    // As long as it is large enough it stays where it is.
    yield* check(yield segment(1), mine, 11);
    for (const more of [0, -1, LIMIT.SEGMENT + 1])
      yield* check(yield* finds(binding, aStack, more), ERROR.EMSGSIZE, 12);
    // Another A-stack has none.
    yield* check(yield* finds(binding, aStack + 64, 64), ERROR.EMSGSIZE, 13);
    yield* check(yield sys('munmap', mine, 4096), ERROR.EINVAL, 14);
  }
  yield* check(yield segment(0), 0, 15);
  yield* check(yield* finds(binding, aStack, 1), ERROR.EMSGSIZE, 16);
  yield* check((yield segment(4)) > 0 ? 1 : 0, 1, 17);
  yield* check(yield sys('lrpcUnbind', binding), 0, 18);
  yield* check(yield segment(4), ERROR.EBADF, 19);
  return 0;
}

function* finds(binding: number, aStack: number, bytes: number): Code<number> {
  yield store(aStack, bytes);
  yield* check(yield lrpcCall(binding, 0, aStack), 0, 30);
  return yield load(aStack + 4);
}

function* occupied(at: number): Code<number> {
  // The word in front says which binding.
  return yield lrpcCall(yield load(at - 4), PROCEDURE.doze, yield* aStackOf(at, PROCEDURE.doze));
}

/** Calls on an A-stack on which another thread's call is under way. */
function* callsTwice(_: number, block: number): Code<number> {
  const at = block - ROOM;
  yield* exportAdder(at);
  const binding = yield* bindAt(at);
  yield store(at - 4, binding);
  yield store(yield* aStackOf(at, PROCEDURE.doze), 50_000);
  const thread = yield sys('threadSpawn', yield addressOf(occupied), at, -1);
  yield sys('sleep', 10_000);
  const busy = yield* aStackOf(at, PROCEDURE.doze);
  yield* check(yield lrpcCall(binding, PROCEDURE.doze, busy), ERROR.EBUSY, 1);
  yield* check(yield sys('lrpcSegment', binding, PROCEDURE.doze, busy, 64), ERROR.EBUSY, 5);
  yield* check(yield lrpcCall(binding, PROCEDURE.doze, yield* aStackOf(at, PROCEDURE.doze, 1)), 0, 2);
  yield* check(yield sys('threadJoin', thread, block - 16), 0, 3);
  yield* check(yield load(block - 16), 0, 4);
  return 0;
}

test('wrong bindings, procedures and A-stacks are refused', () => {
  expectStatus(0, badCalls);
});

test('wrong descriptors, names and pointers are refused, and exports come and go', () => {
  expectStatus(0, badExports);
});

test('a binding is good in its own process only', () => {
  expectStatus(0, keepsItsOwn);
});

test('segments are given to A-stacks of the binding, and found by the call alone', () => {
  expectStatus(0, badSegments);
});

test('an A-stack that is in use is refused', () => {
  expectStatus(0, callsTwice);
});

const FORGERIES = 10_000;

/** Draws handles, procedures and A-stacks, of which at least one is wrong; ends with 0 if none of them was let through. */
function* forge(_: number, block: number): Code<number> {
  const at = block - ROOM;
  yield* exportAdder(at);
  const binding = yield* bindAt(at);
  const stale = yield* bindAt(at + 5 * A_STACKS_SIZE);
  yield sys('lrpcUnbind', stale);
  const base = yield* aStackOf(at, 0);
  const stride = yield load(at + A_STACKS.STRIDE);
  let word = (yield load(block + 28)) | 1;
  for (let round = 0; round < FORGERIES; round += 1) {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    const kind = (word >>> 3) % 8;
    let handle = binding;
    let procedure = 0;
    let aStack = base;
    if (kind === 0) handle = word;
    else if (kind === 1) handle = binding ^ (1 << (word >>> 27));
    else if (kind === 2) handle = stale;
    else if (kind === 3) procedure = word >>> 31 === 0 ? word & 0x7fff_fff8 : -1 - (word & 0xffff);
    else if (kind === 4) aStack = word | 4;
    else if (kind === 5) aStack = base + CALLS * stride + (word & 0x1fff);
    else if (kind === 6) aStack = base + 1 + ((word >>> 8) % (stride - 1));
    else handle = (binding & 0xfff) | (word & 0x7fff_f000);
    if (handle === binding && procedure === 0 && aStack === base) handle = 0;
    if (kind === 3 && procedure === 0) procedure = 5;
    if (handle === binding && kind === 7) handle = 1;
    const result = yield lrpcCall(handle, procedure, aStack);
    if (result >= 0) return 1;
  }
  return 0;
}

test.each(Array.from({ length: 10 }, (_, seed) => seed))(
  'of 10,000 forged calls none gets through, and each is counted (%i)',
  (seed) => {
    const { machine, stop } = run(forge, { harts: 1, parameters: [Math.imul(seed + 1, 0x9e37_79b9)] });
    expect(stop).toEqual({ kind: 'halted', status: 0 });
    const reader = new Reader(machine);
    expect(reader.word(reader.local(0) + HART.callsRefused)).toBe(FORGERIES);
  },
);
