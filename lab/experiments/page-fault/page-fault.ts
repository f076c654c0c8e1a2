/** The experiment `page-fault`: Tornado's headline, its micro-benchmarks by threads and by processes. */
import type { Experiment } from '../framework/experiment.ts';
import { CLAIMS, TESTS } from './claims.ts';
import { measurePageFault } from './measure.ts';

const KERNELS = ['objects', 'traditional'];
const FORMS = ['threads', 'processes'];

export const pageFault: Experiment = {
  id: 'page-fault',
  summary:
    'Page faults, threads and fstat by n threads or n processes: clustered objects against a traditional kernel.',
  question:
    'Does an operation take longer when n threads of one process do it at the same time, each on memory of its own? And ' +
    'when n processes of one thread do? With virtual memory as clustered objects, and as a kernel has it that shares one ' +
    'control block, one list of regions, one lock of the page table and one of all page frames.',
  sources: [
    'Gamsa, Krieger, Appavoo & Stumm, Tornado, OSDI 1999 (micro-benchmarks; from notes and memory)',
    'Its numbers for one processor are not known well enough to be printed',
  ],
  factors: {
    machine: {
      summary: 'preset: NUMAchine is the paper’s',
      values: ['numachine', 'cc-numa'],
      quick: ['cc-numa'],
    },
    vm: { summary: 'virtual memory (kernel.vm)', values: KERNELS, quick: KERNELS },
    test: {
      summary:
        'fault: a page that is in memory, unmapped; thread: made, and joined when it has ended at once; fstat: of a file of its own',
      values: TESTS,
      quick: TESTS,
    },
    form: { summary: 'n threads of one process, or n processes of one thread', values: FORMS, quick: FORMS },
    harts: {
      summary: 'workers, each on a hart',
      values: [1, 2, 4, 8, 16],
      quick: [1, 16],
      range: { min: 1, max: 64 },
    },
  },
  parameters: {
    operations: { summary: 'operations of each worker', default: 32, quick: 32, min: 4, max: 2048 },
  },
  chooses: ['memorySystem', 'nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode'],
  columns: [
    { key: 'machine', summary: 'preset' },
    { key: 'vm', summary: 'virtual memory' },
    { key: 'test', summary: 'what is done' },
    { key: 'form', summary: 'threads of one process, or processes' },
    { key: 'harts', summary: 'workers' },
    { key: 'operations', summary: 'operations of all' },
    { key: 'perOperation', summary: 'time of an operation', unit: 'cycles', digits: 0 },
    { key: 'misses', summary: 'transactions beyond the private caches, of an operation', digits: 1 },
  ],
  measure: measurePageFault,
  claims: CLAIMS,
  tables: TESTS.map((test) => ({
    title: `Cycles of an operation: ${test}`,
    down: ['machine', 'vm', 'form'],
    across: { key: 'harts', show: 'perOperation' },
    where: (row) => row['test'] === test,
  })),
  figures: TESTS.map((test) => ({
    name: test,
    title: `Cycles of an operation of one of n workers: ${test}`,
    x: { key: 'harts', label: 'workers, each on a hart', scale: 'log2' as const },
    y: { key: 'perOperation', label: 'cycles', scale: 'log' as const },
    series: { key: 'form', label: 'workers' },
    panelsAcross: 'vm',
    panelsDown: 'machine',
    where: (row: Readonly<Record<string, unknown>>) => row['test'] === test,
  })),
};
