/**
 * Random memory instructions: a list of what to do, that can be shrunk and printed, and the procedure that
 * executes it. They touch few words, so that they collide; the words spread over the nodes.
 */
import fc from 'fast-check';
import type { MachineConfig } from '../../hw/config.ts';
import {
  type Code,
  compareAndSwap,
  fence,
  fetchAndAdd,
  fetchAndStore,
  flush,
  invalidate,
  load,
  load16,
  load8,
  loadReserved,
  pause,
  prefetch,
  storeConditional,
  store,
  store16,
  store8,
  testAndSet,
  work,
  zeroLine,
} from '../../hw/isa/index.ts';

const KINDS = [
  'load',
  'load',
  'load',
  'load8',
  'load16',
  'store',
  'store',
  'store',
  'store8',
  'store16',
  'testAndSet',
  'fetchAndStore',
  'fetchAndAdd',
  'compareAndSwap',
  'loadReserved',
  'storeConditional',
  'fence',
  'work',
  'pause',
  'prefetch',
  'flush',
  'invalidate',
  'zeroLine',
] as const;

export interface Access {
  readonly kind: (typeof KINDS)[number];
  /** Which word. */
  readonly word: number;
  /** Which byte of it. */
  readonly byte: number;
  readonly value: number;
}

/** Words are numbered from 0 to here. */
export const WORDS = 96;

export const access: fc.Arbitrary<Access> = fc.record({
  kind: fc.constantFrom(...KINDS),
  word: fc.oneof(fc.nat(7), fc.nat(WORDS - 1)),
  byte: fc.nat(3),
  value: fc.oneof(fc.nat(3), fc.integer()),
});

/** Programs for so many harts, one list each; a machine with more harts uses them in turn. */
export const programs = (harts: number, longest: number): fc.Arbitrary<Access[][]> =>
  fc.array(fc.array(access, { maxLength: longest, size: 'max' }), { minLength: harts, maxLength: harts });

/** Where a word lies: lines go round the nodes, and there from 0x1000 upward. */
export const addressOfWord = (config: MachineConfig, word: number): number => {
  const wordsPerLine = config.l1.line >> 2;
  const line = Math.floor(word / wordsPerLine);
  const node = line % config.nodes;
  return (
    node * config.memoryPerNode +
    0x1000 +
    Math.floor(line / config.nodes) * config.l1.line +
    (word % wordsPerLine) * 4
  );
};

/** Executes one access; gives its result. */
export function* perform({ kind, byte, value }: Access, address: number): Code<number> {
  switch (kind) {
    case 'load':
      return yield load(address);
    case 'load8':
      return yield load8(address + byte);
    case 'load16':
      return yield load16(address + (byte & 2));
    case 'store':
      return yield store(address, value);
    case 'store8':
      return yield store8(address + byte, value);
    case 'store16':
      return yield store16(address + (byte & 2), value);
    case 'testAndSet':
      return yield testAndSet(address);
    case 'fetchAndStore':
      return yield fetchAndStore(address, value);
    case 'fetchAndAdd':
      return yield fetchAndAdd(address, value);
    case 'compareAndSwap':
      return yield compareAndSwap(address, value & 3, value >> 2);
    case 'loadReserved':
      return yield loadReserved(address);
    case 'storeConditional':
      return yield storeConditional(address, value);
    case 'fence':
      return yield fence();
    case 'work':
      return yield work(value & 7);
    case 'pause':
      return yield pause();
    case 'prefetch':
      return yield prefetch(address + byte);
    case 'flush':
      return yield flush(address + byte);
    case 'invalidate':
      return yield invalidate(address + byte);
    case 'zeroLine':
      return yield zeroLine(address + byte);
  }
}
