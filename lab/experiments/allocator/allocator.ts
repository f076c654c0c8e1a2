/** The experiment `allocator`: the kernel heap with free lists of each hart, against one pool with one lock. */
import { HEAPS } from '../../../kernel/index.ts';
import type { Cell, Experiment } from '../framework/experiment.ts';
import { CLAIMS } from './claims.ts';
import { measureAllocator } from './measure.ts';
import { WORKLOADS } from './workloads.ts';

/** Through which of the heap's interfaces a block is asked for. */
export type ObjectKind = 'local' | 'padded' | 'global';

const WORKLOAD_NAMES = Object.keys(WORKLOADS);
const describe = Object.entries(WORKLOADS)
  .map(([name, { summary }]) => `${name}: ${summary}`)
  .join('; ');

/** Kinds of blocks matter to the counters, with caches of harts; two nodes must be there to free remotely. */
function includes({ machine, heap, workload, kind, harts }: Cell): boolean {
  if (workload === 'counters') return heap === 'per-hart';
  if (kind !== 'padded') return false;
  return workload !== 'remote' || (machine !== 'smp' && (harts as number) % 2 === 0);
}

export const allocator: Experiment = {
  id: 'allocator',
  summary: 'The kernel heap, 1 to 16 harts: free lists of each hart, one pool with one lock, false sharing.',
  question:
    'What does it cost the kernel to take and free a block of memory when more and more harts do so, with ' +
    'free lists of each hart over pools of each node, and with one pool for all? What if others free the ' +
    'blocks, and what if blocks of several harts share cache lines?',
  sources: [
    'Gamsa, Krieger, Appavoo & Stumm, Tornado, OSDI 1999 (figures from memory, unverified)',
    'K42, white paper on memory allocation (derived from Tornado): three interfaces, lists that go home',
    'McKenney & Slingwine, Efficient Kernel Memory Allocation on Shared-Memory Multiprocessors, USENIX 1993',
  ],
  factors: {
    machine: { summary: 'preset', values: ['cc-numa', 'smp'], quick: ['cc-numa', 'smp'] },
    heap: { summary: 'how the kernel heap is organized', values: HEAPS, quick: HEAPS },
    workload: { summary: describe, values: WORKLOAD_NAMES, quick: WORKLOAD_NAMES },
    kind: {
      summary: 'how blocks are asked for: for one hart alone, padded to lines, packed for all',
      values: ['local', 'padded', 'global'],
      quick: ['local', 'padded', 'global'],
    },
    harts: {
      summary: 'number of harts',
      values: [1, 2, 4, 8, 16],
      quick: [1, 2, 16],
      range: { min: 1, max: 64 },
    },
  },
  parameters: {
    rounds: { summary: 'operations of each hart', default: 480, quick: 96, min: 48, max: 100_000 },
  },
  chooses: ['nodes', 'coresPerNode', 'hartsPerCore'],
  includes,
  columns: [
    { key: 'machine', summary: 'preset' },
    { key: 'heap', summary: 'organization of the kernel heap' },
    { key: 'workload', summary: 'what the harts do' },
    { key: 'kind', summary: 'how blocks are asked for' },
    { key: 'harts', summary: 'number of harts' },
    { key: 'operations', summary: 'pairs of taking and freeing, or counts, by all harts' },
    { key: 'cycles', summary: 'until the last hart was done', unit: 'cycles' },
    { key: 'perOperation', summary: 'cycles of a hart for one operation', unit: 'cycles', digits: 0 },
    { key: 'misses', summary: 'first-level misses of an operation', digits: 2 },
    { key: 'invalidations', summary: 'copies that an operation destroyed in other caches', digits: 2 },
    { key: 'locks', summary: 'locks taken for an operation', digits: 2 },
    { key: 'pages', summary: 'page frames that the heap has in the end' },
    { key: 'inUse', summary: 'blocks in use in the end' },
  ],
  measure: measureAllocator,
  claims: CLAIMS,
  tables: [
    {
      title: 'Taking and freeing: cycles of a hart for a block, by the number of harts',
      down: ['workload', 'machine', 'heap'],
      across: { key: 'harts', show: 'perOperation' },
      where: (row) => row['workload'] !== 'counters',
    },
    {
      title: 'Counting in a block of one’s own: cycles of a count, by the number of harts',
      down: ['machine', 'kind'],
      across: { key: 'harts', show: 'perOperation' },
      where: (row) => row['workload'] === 'counters',
    },
  ],
  figures: [
    {
      name: 'blocks',
      title: 'Cycles of a hart for a block that is taken and freed',
      x: { key: 'harts', label: 'harts', scale: 'log2' },
      y: { key: 'perOperation', label: 'cycles', scale: 'log' },
      series: { key: 'heap', label: 'heap' },
      panelsAcross: 'workload',
      panelsDown: 'machine',
      where: (row) => row['workload'] !== 'counters',
    },
    {
      name: 'counters',
      title: 'Cycles of a count in a small block of one’s own',
      x: { key: 'harts', label: 'harts', scale: 'log2' },
      y: { key: 'perOperation', label: 'cycles', scale: 'log' },
      series: { key: 'kind', label: 'how the blocks were asked for' },
      panelsAcross: 'machine',
      where: (row) => row['workload'] === 'counters',
    },
  ],
};
