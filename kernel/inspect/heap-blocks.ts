/** The kernel heap as the host side sees it: its pools, their pages, and every free block with the list that it is in. */
import { HART } from '../hart-local.ts';
import { NODE_BLOCK, PAGE_SIZE } from '../layout.ts';
import { BATCH, CACHE, FREE_BLOCK, HART_HEAP, HEAP_BATCHES, HEAP_CLASSES } from '../memory/layout.ts';
import { HEAP_PAGE, NODE_HEAP, POOL, SMALLEST_BLOCK } from '../memory/layout.ts';
import { firstBlock } from '../memory/size-class.ts';
import type { Reader } from './reader.ts';

/** A pool of blocks of one size. */
export interface PoolRecord {
  readonly address: number;
  /** Whose it is: `node 1`, or `hart 3` for blocks of the hart's own. */
  readonly owner: string;
  readonly size: number;
}

/** A list of free blocks, and how long the kernel takes it to be. */
export interface ListRecord {
  readonly place: string;
  readonly blocks: readonly number[];
  readonly count: number;
}

const classes = Object.freeze(Array.from({ length: HEAP_CLASSES }, (_, number) => number));
const sizeOf = (number: number): number => SMALLEST_BLOCK << number;

/** Addresses of the harts' HART_HEAP, and of the nodes' NODE_HEAP. */
const hartHeaps = (reader: Reader): number[] => reader.locals().map((local) => local + HART.heap);
const nodeHeaps = (reader: Reader): number[] =>
  Array.from({ length: reader.nodes }, (_, node) => reader.nodeBlock(node) + NODE_BLOCK.heap);

/** All pools, of nodes and of harts. */
export function poolsOf(reader: Reader): PoolRecord[] {
  const those = (heaps: readonly number[], offset: number, who: string): PoolRecord[] =>
    heaps.flatMap((heap, index) =>
      classes.map((number) => ({
        address: heap + offset + number * POOL.SIZE,
        owner: `${who} ${index}`,
        size: sizeOf(number),
      })),
    );
  return [
    ...those(nodeHeaps(reader), NODE_HEAP.pools, 'node'),
    ...those(hartHeaps(reader), HART_HEAP.ownPools, 'hart'),
  ];
}

/** The pages of a pool. */
export const pagesOfPool = (reader: Reader, { address }: PoolRecord): number[] =>
  reader.list(address + POOL.firstPage, HEAP_PAGE.next);

/** Blocks of a page that have been cut. */
export function cutBlocks(reader: Reader, page: number): number[] {
  const size = reader.word(page + HEAP_PAGE.size);
  const found: number[] = [];
  // The header of a page that something else has written to.
  if (size < SMALLEST_BLOCK) return found;
  const end = Math.min(reader.word(page + HEAP_PAGE.fresh), page + PAGE_SIZE);
  for (let block = page + firstBlock(size); block < end; block += size) found.push(block);
  return found;
}

/** Blocks in use, by the counters of the harts. */
export const blocksInUse = (reader: Reader): number =>
  hartHeaps(reader)
    .map((heap) => reader.word(heap + HART_HEAP.taken) - reader.word(heap + HART_HEAP.given))
    .reduce((sum, each) => sum + each, 0);

/** Every list of free blocks. */
export function freeLists(reader: Reader): ListRecord[] {
  const harts = hartHeaps(reader).flatMap((heap, hart) => [
    ...cachesAt(reader, heap + HART_HEAP.caches, `hart ${hart}`),
    ...cachesAt(reader, heap + HART_HEAP.ownCaches, `hart ${hart} alone`),
    ...batchesAt(reader, heap + HART_HEAP.batches, `hart ${hart}`),
  ]);
  const nodes = nodeHeaps(reader).flatMap((heap, node) =>
    cachesAt(reader, heap + NODE_HEAP.caches, `node ${node}`),
  );
  const pools = poolsOf(reader).flatMap((pool) => listsOf(reader, pool));
  return [...harts, ...nodes, ...pools].filter(({ blocks, count }) => blocks.length > 0 || count !== 0);
}

const blocksFrom = (reader: Reader, head: number): number[] => reader.list(head, FREE_BLOCK.next);

function cachesAt(reader: Reader, caches: number, owner: string): ListRecord[] {
  return classes.flatMap((number) => {
    const cache = caches + number * CACHE.SIZE;
    const name = `cache of ${owner}, ${sizeOf(number)} bytes`;
    const spare = reader.word(cache + CACHE.spare);
    return [
      {
        place: name,
        blocks: blocksFrom(reader, cache + CACHE.head),
        count: reader.word(cache + CACHE.count),
      },
      {
        place: `${name}, spare`,
        blocks: blocksFrom(reader, cache + CACHE.spare),
        count: spare === 0 ? 0 : reader.word(spare + FREE_BLOCK.count),
      },
    ];
  });
}

const batchesAt = (reader: Reader, batches: number, owner: string): ListRecord[] =>
  Array.from({ length: HEAP_BATCHES }, (_, index) => batches + index * BATCH.SIZE).map((batch) => ({
    place: `batch of ${owner}`,
    blocks: blocksFrom(reader, batch + BATCH.head),
    count: reader.word(batch + BATCH.count),
  }));

function listsOf(reader: Reader, pool: PoolRecord): ListRecord[] {
  const name = `pool of ${pool.owner}, ${pool.size} bytes`;
  const lists = reader.list(pool.address + POOL.lists, FREE_BLOCK.nextList).map((list) => ({
    place: name,
    blocks: [list, ...blocksFrom(reader, list + FREE_BLOCK.next)],
    count: reader.word(list + FREE_BLOCK.count),
  }));
  const pages = pagesOfPool(reader, pool).map((page) => ({
    place: `page of ${name}`,
    blocks: blocksFrom(reader, page + HEAP_PAGE.free),
    count: reader.word(page + HEAP_PAGE.freeCount) - uncut(reader, page),
  }));
  return [...lists, ...pages];
}

const uncut = (reader: Reader, page: number): number =>
  (page + PAGE_SIZE - reader.word(page + HEAP_PAGE.fresh)) / reader.word(page + HEAP_PAGE.size);
