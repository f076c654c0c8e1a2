/** Bugs planted in page-out are met by threads that have less memory than they use. */
import { describe, expect, test } from 'vitest';
import { OUTCOME } from '../../../kernel/vm/page-out.ts';
import { type Change, loadChanged } from '../../zoo/kernel/planted.ts';
import type * as scene from './paging-scene.ts';
import type * as pinned from './pinned-scene.ts';
import { pageOutPinned } from './pinned-scene.ts';

interface Planted extends Change {
  readonly title: string;
  /** Part of what is said of it. */
  readonly says: RegExp;
}

const PAGE_OUT = 'kernel/vm/page-out.ts';
const STALE = /"status":1[0-9]|page \d+ of the disk/;

const PLANTED: readonly Planted[] = [
  {
    title: 'dirty bit taken at the scan: a store between scan and unmapping is lost',
    says: STALE,
    file: PAGE_OUT,
    edits: [
      [
        '  if ((entry & PTE.D) !== 0) yield store(page + PAGE.dirty, 1);\n  yield fetchAndAdd',
        '  yield fetchAndAdd',
      ],
      [
        '  const isFresh =',
        '  if ((bits & PTE.D) !== 0) yield store(page + PAGE.dirty, 1);\n  const isFresh =',
      ],
    ],
  },
  {
    title: 'frame freed before the shootdown is answered',
    says: STALE,
    file: PAGE_OUT,
    edits: [['  yield* hat.shootdown(address, 1);\n', '']],
  },
  {
    title: 'page written back before it is unmapped: a store in between is lost',
    says: STALE,
    file: PAGE_OUT,
    edits: [
      [
        '  const bits = yield* visitMappings(local, primary, page, unmapPage);\n',
        `  const seen = yield* visitMappings(local, primary, page, takeAccessed);
  if ((seen & PTE.D) !== 0) yield store(page + PAGE.dirty, 1);
  const saved = yield* putAway(part, page);
  const bits = yield* visitMappings(local, primary, page, unmapPage);\n`,
      ],
      ['isFree && (yield* putAway(part, page)) === 0', 'isFree && saved === 0'],
    ],
  },
  {
    title: 'slot of swap leaked: not given back with its page',
    says: /^swap: .*taken, and holds no page/,
    file: 'kernel/vm/fcm-pages.ts',
    edits: [['if (slot !== 0) yield* freeSlot(slot);', 'if (slot < 0) yield* freeSlot(slot);']],
  },
  {
    title: 'slot of swap shared: two threads take it at once',
    says: /"status":1[0-9]|panic|swap/,
    file: 'kernel/vm/swap.ts',
    edits: [
      [
        '  yield* acquire(LOCK);\n  const slot = yield* lockedFind(slots);',
        '  const slot = yield* lockedFind(slots);\n  yield* acquire(LOCK);',
      ],
    ],
  },
];

const { free, inUse } = OUTCOME;

describe('a page that is pinned', () => {
  test('stays until it is let go, and leaves when the clock comes the second time', () => {
    expect(pageOutPinned()).toEqual([inUse, inUse, inUse, inUse, free]);
  });

  test('leaves if nobody looks at its pins', async () => {
    const edits = [[' && (yield load(page + PAGE.pins)) === pins', ' && pins >= 0']] as const;
    const loaded = await loadChanged('test/kernel/vm/pinned-scene.ts', { file: PAGE_OUT, edits });
    const outcomes = (loaded as unknown as typeof pinned).pageOutPinned();
    expect(outcomes.slice(0, 3)).toContain(free);
  });
});

test.each(PLANTED)('$title', async ({ says, ...change }) => {
  const { playPaging } = (await loadChanged(
    'test/kernel/vm/paging-scene.ts',
    change,
  )) as unknown as typeof scene;
  let broken: string | undefined;
  for (let seed = 1; seed <= 12 && broken === undefined; seed += 1)
    broken = playPaging({ harts: 6, seed }).broken;
  expect(broken).toMatch(says);
});
