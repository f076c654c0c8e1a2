/**
 * What the agents should find: the state of their process as system calls make it. No frames, page tables, queues
 * or locks: that is the point.
 */
import { LIMIT } from '../../../kernel/abi/index.ts';
import { MAILBOXES } from './agents.ts';

export interface Region {
  readonly address: number;
  readonly pages: number;
  readonly writable: boolean;
  /** First block of the extent that backs it; none for anonymous memory. */
  readonly block: number | undefined;
  /** Words that were stored, by index. */
  readonly words: Map<number, number>;
}

export interface Child {
  readonly number: number;
  /** Its exit status; undefined while it waits for ever. */
  status: number | undefined;
}

export interface CounterState {
  readonly handle: number;
  value: number;
  /** Whether it has not been destroyed. */
  isThere: boolean;
}

/** A port: who waits there, the longest waiting first. */
export interface PortState {
  readonly handle: number;
  /** The last right to call it, or to call the port before it. */
  binding: number | undefined;
  isThere: boolean;
  /** Agents with a call that nobody has taken, and what they sent. */
  readonly callers: { readonly agent: number; readonly word: number }[];
  readonly servers: number[];
}

/** A synchronization object of the kernel. */
export interface SyncState {
  readonly handle: number;
  isThere: boolean;
}

/** Agents that wait, the longest waiting first. */
export interface MutexState extends SyncState {
  holder: number | undefined;
  readonly waiters: number[];
}

export interface RwlockState extends SyncState {
  writer: number | undefined;
  readonly readers: number[];
  readonly queue: { readonly agent: number; readonly writes: boolean }[];
}

export interface ConditionState extends SyncState {
  readonly waiters: { readonly agent: number; readonly mutex: MutexState }[];
}

export interface SemaphoreState extends SyncState {
  value: number;
  readonly waiters: number[];
}

export interface BarrierState extends SyncState {
  readonly members: number;
  /** Agents by the member as which they have arrived. */
  readonly arrived: Map<number, number>;
}

export const BLOCKS_PER_PAGE = 8;
const WORDS_PER_BLOCK = 128;
/** No address of a word. */
export const AT_PORT = -1;
export const AT_OBJECT = -2;

/** What the word of a disk holds before anybody has written it. */
export const diskWord = (index: number): number => Math.imul(index + 1, 0x9e3779b1) | 0;

/** The image of a disk on which every word is `diskWord`. */
export function diskImage(blocks: number): Uint8Array {
  return new Uint8Array(
    Int32Array.from({ length: blocks * WORDS_PER_BLOCK }, (_, index) => diskWord(index)).buffer,
  );
}

export class Model {
  readonly agents: number;
  readonly blocks: number;
  /** Regions by slot. */
  readonly regions = new Map<number, Region>();
  /** Threads that have ended and were not joined, by slot: number and value. */
  readonly threads = new Map<number, { readonly number: number; readonly value: number }>();
  readonly children = new Map<number, Child>();
  /** The last counter of each slot. */
  readonly counters = new Map<number, CounterState>();
  /** The last port of each slot. */
  readonly ports = new Map<number, PortState>();
  /** The last synchronization object of each kind in each slot. */
  readonly mutexes = new Map<number, MutexState>();
  readonly rwlocks = new Map<number, RwlockState>();
  readonly conditions = new Map<number, ConditionState>();
  readonly semaphores = new Map<number, SemaphoreState>();
  readonly barriers = new Map<number, BarrierState>();
  /** Agents that carry a call out: whose, and by which port's slot. */
  readonly serving = new Map<number, { readonly client: number; readonly slot: number }>();
  /** Agents that wait on a word, by agent: its address; at a port, or for a reply: AT_PORT; at an object: AT_OBJECT. */
  readonly waiting = new Map<number, number>();
  /** Numbers that threads and processes have had. */
  readonly threadNumbers = new Set<number>();
  readonly processNumbers = new Set([1]);
  printed = '';
  private readonly disk = new Map<number, number>();

  constructor(agents: number, blocks: number) {
    this.agents = agents;
    this.blocks = blocks;
    for (let number = 1; number <= agents; number++) this.threadNumbers.add(number);
  }

  /** Whether an agent can be asked. */
  isFree(agent: number): boolean {
    return !this.waiting.has(agent);
  }

  /** Whether nobody has mapped any of these pages. */
  isUnmapped(address: number, pages: number): boolean {
    const end = address + pages * LIMIT.PAGE;
    const mailboxes = { address: MAILBOXES, pages: 1 };
    return [mailboxes, ...this.regions.values()].every(
      (region) => end <= region.address || region.address + region.pages * LIMIT.PAGE <= address,
    );
  }

  /** Whether a mapping backs any of these blocks: two of the same block would each have their own copy. */
  isBacking(block: number, pages: number): boolean {
    return [...this.regions.values()].some(
      (region) =>
        region.block !== undefined &&
        block < region.block + region.pages * BLOCKS_PER_PAGE &&
        region.block < block + pages * BLOCKS_PER_PAGE,
    );
  }

  /** The word of a region. */
  word({ words, block }: Region, index: number): number {
    const stored = words.get(index);
    if (stored !== undefined || block === undefined) return stored ?? 0;
    const onDisk = block * WORDS_PER_BLOCK + index;
    return this.disk.get(onDisk) ?? diskWord(onDisk);
  }

  /** What is wrong with the disk of a machine that has ended. Regions that are still mapped have been written back. */
  differsFrom(words: Int32Array): string | undefined {
    for (const slot of this.regions.keys()) this.unmap(slot);
    const index = words.findIndex((word, at) => word !== (this.disk.get(at) ?? diskWord(at)));
    if (index < 0) return undefined;
    return `word ${index} of the disk is ${words[index]}, not ${this.disk.get(index) ?? diskWord(index)}`;
  }

  /** Takes the first or the last page of a region away. */
  cut(slot: number, page: number): void {
    const { address, pages, writable, block, words } = this.regions.get(slot) as Region;
    const perPage = LIMIT.PAGE / 4;
    const isGone = (index: number): boolean => Math.floor(index / perPage) === page;
    const part = (of: boolean): Map<number, number> =>
      new Map([...words].filter(([index]) => isGone(index) === of));
    // Unmapped like a region of its own, so that what was stored there is on the disk.
    this.regions.set(slot, { address, pages, writable, block, words: part(true) });
    this.unmap(slot);
    if (pages === 1) return;
    const first = page === 0 ? 1 : 0;
    const kept = [...part(false)].map(([index, word]): [number, number] => [index - first * perPage, word]);
    this.regions.set(slot, {
      address: address + first * LIMIT.PAGE,
      pages: pages - 1,
      writable,
      block: block === undefined ? undefined : block + first * BLOCKS_PER_PAGE,
      words: new Map(kept),
    });
  }

  /** Forgets a region; what was stored in an extent is on the disk then. */
  unmap(slot: number): void {
    const region = this.regions.get(slot);
    this.regions.delete(slot);
    if (region?.block === undefined) return;
    for (const [index, word] of region.words) this.disk.set(region.block * WORDS_PER_BLOCK + index, word);
  }
}
