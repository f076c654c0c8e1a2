/**
 * What can be given for each kind of argument: values that mostly make sense, values at and just beyond limits,
 * and garbage, which is any word. A kind that is added to the ABI does not compile until it has a row here.
 */
import { type ArgumentKind, LIMIT, MAP, PRIORITY } from '../../../kernel/abi/index.ts';
import { type Dice, happens, oneOf } from './dice.ts';
import type { Scope } from './scope.ts';
import type { Value } from './user-program.ts';

export interface KindRow {
  /** A value that makes sense where the operation stands. */
  valid(dice: Dice, scope: Scope): Value;
  readonly boundary: readonly number[];
}

/** Where drawn programs map memory that all their threads know; `valid` addresses lie in it or in earlier mappings. */
export const KNOWN = { address: LIMIT.USER_BASE, pages: 4 } as const;

const SMALLEST = -0x8000_0000;
const LARGEST = 0x7fff_ffff;
const EDGES = [0, 1, -1, SMALLEST, LARGEST];
const PAGES = [1, 1, 1, 2, 2, 3, 4, 9];

const wordInPages = (dice: Dice, pages: number): number =>
  LIMIT.PAGE * dice.below(pages) + 4 * oneOf(dice, [0, 0, 1, 2, 15, 16, 1023]);

/** Kinds of synchronization object. */
const SYNC_KINDS: readonly ArgumentKind[] = ['mutex', 'mutex', 'rwlock', 'condition', 'semaphore', 'barrier'];

/** A number that the kernel gave earlier, or a small one. */
const numberOf = (kind: ArgumentKind, most: number) => ({
  valid: (dice: Dice, scope: Scope): Value => {
    const earlier = scope.results(kind);
    if (earlier.length > 0 && happens(dice, 3, 4)) return { result: oneOf(dice, earlier), plus: 0 };
    return 1 + dice.below(most);
  },
  boundary: [...EDGES, 2, 255, 256, 511, 512, 513],
});

export const ARGUMENT_KINDS: Readonly<Record<ArgumentKind, KindRow>> = {
  address: {
    valid(dice, scope) {
      const mapped = scope.results('address');
      if (mapped.length > 0 && happens(dice, 1, 2))
        return { result: oneOf(dice, mapped), plus: happens(dice, 1, 2) ? 0 : wordInPages(dice, 2) };
      if (happens(dice, 1, 6)) return { stack: -4 * dice.below(3000) };
      if (happens(dice, 1, 3)) return KNOWN.address;
      return KNOWN.address + wordInPages(dice, KNOWN.pages);
    },
    boundary: [
      ...EDGES,
      4,
      LIMIT.USER_BASE - 4,
      LIMIT.USER_BASE + 2,
      LIMIT.USER_BASE + KNOWN.pages * LIMIT.PAGE - 4,
      LIMIT.USER_BASE + KNOWN.pages * LIMIT.PAGE - 2,
      LIMIT.USER_BASE + KNOWN.pages * LIMIT.PAGE,
      LIMIT.USER_END - LIMIT.PAGE,
      LIMIT.USER_END - 4,
      LIMIT.USER_END - 1,
      LIMIT.USER_END,
      0x2000_0000,
      0x2000_1000,
      0x3fff_f000,
    ],
  },
  length: {
    valid: (dice, scope) => {
      const earlier = scope.lengths();
      if (happens(dice, 1, 3)) return KNOWN.pages * LIMIT.PAGE;
      if (earlier.length > 0 && happens(dice, 2, 3)) return oneOf(dice, earlier);
      return happens(dice, 3, 4) ? LIMIT.PAGE * oneOf(dice, PAGES) : dice.below(200);
    },
    boundary: [
      ...EDGES,
      LIMIT.PAGE - 1,
      LIMIT.PAGE + 1,
      LIMIT.CONSOLE,
      LIMIT.CONSOLE + 1,
      4 << 20,
      LIMIT.USER_END - LIMIT.USER_BASE,
      LIMIT.USER_END - LIMIT.USER_BASE + 1,
      LIMIT.USER_END,
    ],
  },
  code: {
    valid: (dice, scope) =>
      // Only threads that come later: so no program spawns without end.
      scope.later.length === 0 ? LARGEST : { code: oneOf(dice, scope.later) },
    // Numbers around the addresses where the kernel's own code lies; the first address is the program's.
    boundary: [...EDGES, -0x0fff_ffff, -0x0fff_fff0, -0x0fff_ffe0, -0x0fff_0000, LIMIT.USER_BASE],
  },
  word: {
    valid: (dice) => oneOf(dice, [0, 0, 0, 1, 1, 2, 3, 100]),
    boundary: [...EDGES, 64, 255, 256, -64, -65],
  },
  thread: numberOf('thread', 5),
  process: numberOf('process', 4),
  hart: {
    valid: (dice) => (happens(dice, 1, 2) ? -1 : dice.below(8)),
    boundary: [...EDGES, -2, 7, 8, 31, 32, 1023, 1024],
  },
  cycles: {
    valid: (dice) => oneOf(dice, [1, 10, 100, 1000, 5000, 20_000, 100_000]),
    boundary: [...EDGES, LIMIT.CYCLES - 1, LIMIT.CYCLES, LIMIT.CYCLES + 1],
  },
  flags: {
    valid: (dice) =>
      oneOf(dice, [MAP.READ, MAP.WRITE, MAP.READ | MAP.WRITE, MAP.READ | MAP.WRITE]) |
      (happens(dice, 1, 4) ? MAP.DISK : 0) |
      (happens(dice, 1, 6) ? MAP.FIXED : 0) |
      (happens(dice, 1, 4) ? oneOf(dice, [MAP.SHARED, MAP.PRIVATE]) : 0),
    boundary: [...EDGES, MAP.DISK, MAP.FIXED, 15, 16, MAP.SHARED | MAP.PRIVATE],
  },
  rights: {
    valid: (dice) => oneOf(dice, [0, MAP.READ, MAP.READ, MAP.READ | MAP.WRITE, MAP.READ | MAP.WRITE]),
    boundary: [...EDGES, 4],
  },
  block: {
    valid: (dice) => dice.below(48),
    boundary: [...EDGES, 7, 8, 55, 56, 63, 64, 1 << 28],
  },
  count: {
    valid: (dice) => dice.below(4),
    boundary: EDGES,
  },
  counter: numberOf('counter', 4096),
  grant: numberOf('grant', 4096),
  mutex: numberOf('mutex', 4096),
  rwlock: numberOf('rwlock', 4096),
  condition: numberOf('condition', 4096),
  semaphore: numberOf('semaphore', 4096),
  barrier: numberOf('barrier', 4096),
  sync: {
    valid: (dice, scope) => numberOf(oneOf(dice, SYNC_KINDS), 4096).valid(dice, scope),
    boundary: numberOf('sync', 1).boundary,
  },
  port: numberOf('port', 4096),
  binding: numberOf('binding', 4096),
  message: {
    valid: (dice) => 4 * dice.below(20),
    boundary: [...EDGES, 3, LIMIT.MESSAGE - 1, LIMIT.MESSAGE, LIMIT.MESSAGE + 1, LIMIT.PAGE],
  },
  sizes: {
    valid: (dice) => ((4 * dice.below(20)) << 16) | (4 * dice.below(20)),
    boundary: [...EDGES, LIMIT.MESSAGE, LIMIT.MESSAGE << 16, (LIMIT.MESSAGE << 16) + LIMIT.MESSAGE + 1],
  },
  exported: numberOf('exported', 4096),
  lrpcBinding: numberOf('lrpcBinding', 4096),
  procedure: {
    valid: (dice) => dice.below(3),
    boundary: [...EDGES, LIMIT.PROCEDURES - 1, LIMIT.PROCEDURES],
  },
  priority: {
    valid: (dice) => dice.below(PRIORITY.MOST + 1),
    boundary: [...EDGES, PRIORITY.MOST, PRIORITY.MOST + 1],
  },
  policy: {
    valid: (dice) => dice.below(2),
    boundary: EDGES,
  },
};

/** Any word at all. */
export const garbage = (dice: Dice): number => (dice.below(0x1_0000) << 16) | dice.below(0x1_0000);
