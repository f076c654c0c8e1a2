import { describe, expect, test } from 'vitest';
import { FEW, type PagingChoice, playPaging } from './paging-scene.ts';

const DEEP = process.env['EDDY_DEEP'] !== undefined;
const SEEDS = Array.from({ length: DEEP ? 40 : 1 }, (_, index) => index + 1);

const MACHINES: readonly PagingChoice[] = [
  { harts: 1 },
  { harts: 4 },
  { harts: 16 },
  { preset: 'smp', harts: 4, storeBuffer: 4 },
  { preset: 'ncc-numa', harts: 4 },
];

describe.each(MACHINES)('threads that have less memory than they use, on %o', (machine) => {
  test.each(SEEDS)('read what they wrote, and nothing is lost or leaked (seed %d)', (seed) => {
    const { broken, pagesOut } = playPaging({ ...machine, seed });
    expect(broken).toBeUndefined();
    expect(pagesOut).toBeGreaterThan(20);
  });
});

test.each(['interleave', 'bind', 'migrate', 'replicate'] as const)(
  'so do those of a kernel that places pages by %s, on four nodes',
  (placement) => {
    const options = { framesPerNode: placement === 'bind' ? 44 : 18, swap: 64, placement };
    const { broken, pagesOut } = playPaging({ harts: 8, nodes: 4, options });
    expect(broken).toBeUndefined();
    expect(pagesOut).toBeGreaterThan(20);
  },
);

test.each([
  { 'objects.fcm': 'hart', 'objects.region': 'hart' },
  { locking: 'hierarchical' },
  { vm: 'traditional' },
  { heapChecked: true },
])('so do those of a kernel with %o', (options) => {
  expect(playPaging({ options: { ...FEW, ...options } }).broken).toBeUndefined();
});
