/**
 * A-stacks: memory that client and server share pairwise, read-write in both domains, and the linkage records that belong
 * to it. Those that a binding is made with lie one after the other in one region; when they are not enough, further ones
 * get a region of their own.
 *
 * *Locking:* a chunk is whole before a compare-and-swap appends it to its procedure's.
 */
import { type Code, compareAndSwap, csrRead, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { LIMIT, MAP } from '../../abi/flags.ts';
import { CLASS } from '../../classes.ts';
import { PAGE_SIZE } from '../../layout.ts';
import { giveUpLines } from '../../memory/give-up-lines.ts';
import { prepareObject, publishObject } from '../../objects/object.ts';
import { deref } from '../../objects/translation-table.ts';
import { LINE, roundUp } from '../../struct.ts';
import { createFcm, destroyFcm } from '../../vm/fcm-kinds.ts';
import type { MapRequest } from '../../vm/map-request.ts';
import { Process } from '../../vm/process.ts';
import { LINK_KIND } from '../../vm/region-list.ts';
import { BINDING, BOUND, boundAt, CHUNK, LINKAGE, linkageAt } from './layout.ts';

/** Bytes from one A-stack of so many bytes to the next: no two share a line. */
export const strideOf = (size: number): number => roundUp(Math.max(size, 1), LINE);

/** Where shared memory lies on both sides; `error` is 0 if it does. */
export interface Shared {
  readonly error: number;
  readonly client: number;
  readonly server: number;
}

const failed = (error: number): Shared => ({ error, client: 0, server: 0 });

// DOC: lrpc-share
/** Maps fresh memory into both domains of a binding, whose processes the caller holds. */
export function* shareMemory(local: number, binding: number, bytes: number): Code<Shared> {
  const request: MapRequest = {
    address: 0,
    pages: bytes / PAGE_SIZE,
    flags: MAP.READ | MAP.WRITE | MAP.SHARED,
    block: 0,
    kind: LINK_KIND.shared,
  };
  const fcm = yield* createFcm(local, request, { hat: 0, origin: 0 });
  if (fcm === 0) return failed(ERROR.ENOMEM);
  const both = yield* mapBoth(local, binding, { ...request, fcm }, bytes);
  // The regions that there are keep it.
  yield* destroyFcm(local, fcm);
  return both;
}

function* mapBoth(local: number, binding: number, request: MapRequest, bytes: number): Code<Shared> {
  const clientRef = yield load(binding + BINDING.client);
  const client = yield* new Process(yield* deref(clientRef)).map(local, request);
  if (client < 0) return failed(client);
  const server = yield* new Process(yield* deref(yield load(binding + BINDING.server))).map(local, request);
  if (server > 0) return { error: 0, client, server };
  yield* unmapShared(clientRef, client, bytes);
  return failed(server);
}

/** Unmaps one region of shared memory from a process that exists. */
export function* unmapShared(process: number, base: number, bytes: number): Code {
  const local = yield csrRead('slocal');
  yield* new Process(yield* deref(process)).unmap(local, base, bytes, LINK_KIND.shared);
}

/** Where a chunk is to lie. */
export interface Place {
  readonly client: number;
  readonly server: number;
  /** Bytes of its own region, or 0. */
  readonly bytes: number;
}

// DOC: lrpc-chunk
/** Adds A-stacks for as many calls as the procedure's descriptor says, with their linkages; gives whether there was memory. */
export function* addChunk(local: number, binding: number, procedure: number, place: Place): Code<boolean> {
  const bound = boundAt(binding, procedure);
  const count = yield load(bound + BOUND.calls);
  const made = yield* prepareObject(local, {
    classWord: CLASS.aStacks,
    bytes: CHUNK.SIZE + count * LINKAGE.SIZE,
    fixed: CHUNK.next,
  });
  const { ref, rep: chunk } = made;
  if (ref === 0) return false;
  yield store(chunk + CHUNK.ref, ref);
  yield store(chunk + CHUNK.clientBase, place.client);
  yield store(chunk + CHUNK.serverBase, place.server);
  yield store(chunk + CHUNK.bytes, place.bytes);
  yield store(chunk + CHUNK.clientMapped, place.bytes === 0 ? 0 : 1);
  yield store(chunk + CHUNK.stride, strideOf(yield load(bound + BOUND.size)));
  yield store(chunk + CHUNK.count, count);
  yield store(chunk + CHUNK.procedure, procedure);
  for (let index = 0; index < count; index += 1) {
    const linkage = linkageAt(chunk, index);
    yield store(linkage + LINKAGE.binding, binding);
    yield store(linkage + LINKAGE.chunk, chunk);
  }
  // Each linkage is used by the hart that calls on its A-stack, seldom by this one.
  yield* giveUpLines(local, linkageAt(chunk, 0), count * LINKAGE.SIZE);
  yield* publishObject(local, made);
  let slot = bound + BOUND.chunk;
  for (;;) {
    const next = yield compareAndSwap(slot, 0, chunk);
    if (next === 0) return true;
    slot = next + CHUNK.next;
  }
}

/** Bytes of a region for A-stacks of one procedure. */
export function* ownBytes(binding: number, procedure: number): Code<number> {
  const bound = boundAt(binding, procedure);
  const size = strideOf(yield load(bound + BOUND.size)) * (yield load(bound + BOUND.calls));
  return roundUp(size, LIMIT.PAGE);
}
