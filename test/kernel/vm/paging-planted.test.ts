/** Bugs planted in page-out are met by threads that have less memory than they use. */
import { expect, test } from 'vitest';
import { type Change, loadChanged } from '../../zoo/kernel/planted.ts';
import type * as scene from './paging-scene.ts';

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
    title: 'page leaves while somebody has it pinned',
    says: /status|frame/,
    file: PAGE_OUT,
    edits: [[' && (yield load(page + PAGE.pins)) === pins', ' && pins >= 0']],
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
