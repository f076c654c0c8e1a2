/**
 * Blocks of other nodes that this hart frees: they are collected by pool, and a whole list of them goes home at once. A
 * hart has a few places for batches; two pools that fall on one place send each other's batches home early.
 *
 * *Locking:* the batches are the hart's own, with interrupts masked.
 */
import { type Code, load, step, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { STEP } from '../steps.ts';
import { pageOf, type PageRequest } from './heap-page.ts';
import { BATCH, FREE_BLOCK, HART_HEAP, HEAP_BATCHES, HEAP_PAGE } from './layout.ts';
import { putList } from './pool.ts';
import { classOf, listLength } from './size-class.ts';

const placeAt = (local: number, index: number): number =>
  local + HART.heap + HART_HEAP.batches + index * BATCH.SIZE;

// DOC: give-away
/** Puts a free block of another node in. */
export function* giveAway(local: number, { pool, size }: PageRequest, block: number): Code {
  const node = (pool / (yield load(local + HART.memoryPerNode))) | 0;
  const place = placeAt(local, (node + 3 * classOf(size)) & (HEAP_BATCHES - 1));
  let blocks = yield load(place + BATCH.count);
  if (blocks !== 0 && (yield load(place + BATCH.pool)) !== pool) {
    yield* sendHome(local, place);
    blocks = 0;
  }
  yield store(place + BATCH.pool, pool);
  yield store(block + FREE_BLOCK.next, yield load(place + BATCH.head));
  yield store(place + BATCH.head, block);
  yield store(place + BATCH.count, blocks + 1);
  if (blocks + 1 >= listLength(size)) yield* sendHome(local, place);
}

function* sendHome(local: number, place: number): Code {
  const list = yield load(place + BATCH.head);
  const pool = yield load(place + BATCH.pool);
  yield store(list + FREE_BLOCK.count, yield load(place + BATCH.count));
  yield store(place + BATCH.head, 0);
  yield store(place + BATCH.count, 0);
  const size = yield load(pageOf(list) + HEAP_PAGE.size);
  const request = { pool, size, owner: 0, poisoned: false };
  yield* step(STEP.heapReturn, pool, putList(local, request, list));
}

/** Sends all batches of this hart home, whole or not. */
export function* sendAllHome(local: number): Code {
  for (let index = 0; index < HEAP_BATCHES; index += 1) {
    const place = placeAt(local, index);
    if ((yield load(place + BATCH.count)) !== 0) yield* sendHome(local, place);
  }
}
