/** The experiment `scalability`: what sharing does to the speed-up by more processors. */
import { BareMachine, configFor, type Phase } from '../framework/bare-machine.ts';
import type { Cell, Experiment, Row, Settings } from '../framework/experiment.ts';
import { CLAIMS } from './claims.ts';
import { accessMemory, Areas, warmUp, type Workload } from './workload.ts';

const LINE = 64;

function measure(cell: Cell, settings: Settings): Row {
  const { machine, own, share, harts } = cell as {
    readonly machine: string;
    readonly own: Workload['own'];
    readonly share: number;
    readonly harts: number;
  };
  const workload: Workload = { own, share, accesses: settings.parameters['accesses'] as number };
  const alone = run(machine, 1, workload, settings);
  const together = harts === 1 ? alone : run(machine, harts, workload, settings);
  const speedup = (harts * alone.cycles) / together.cycles;
  return {
    cycles: together.cycles,
    speedup,
    efficiency: speedup / harts,
    misses: together.counted('l1Misses'),
    invalidations: together.counted('invalidationsSent'),
    queueShare: together.counted('queueCycles') / (harts * together.cycles),
  };
}

function run(preset: string, harts: number, workload: Workload, settings: Settings): Phase {
  const memoryPerNode = Math.max(
    1 << 20,
    Areas.bytesPerNode(harts, LINE, workload.own === 'memory' ? workload.accesses : 0),
  );
  const config = configFor(preset, { harts, set: { memoryPerNode } }, settings);
  const bare = new BareMachine(config);
  const areas = new Areas(config, workload);
  bare.run((hart) => warmUp(hart, areas, workload));
  return bare.run((hart) => accessMemory(hart, areas, workload));
}

export const scalability: Experiment = {
  id: 'scalability',
  summary: 'Speed-up from 1 to 64 harts, from nothing shared to everything shared.',
  question:
    'How much faster do more processors get through the work, when each does as much as one alone, and ' +
    'a share of its accesses goes to memory that all of them read and write?',
  sources: [
    '“Shared memory machines scale well when you don’t share memory”: Chuck Thacker, in the CS6210 notes',
  ],
  factors: {
    machine: { summary: 'preset', values: ['cc-numa', 'smp'], quick: ['cc-numa', 'smp'] },
    own: {
      summary: 'whether a hart’s own data fits its cache or comes from memory (then nothing is shared)',
      values: ['cached', 'memory'],
      quick: ['cached', 'memory'],
    },
    share: {
      summary: 'percent of the accesses to shared memory',
      values: [0, 1, 5, 10, 25, 50, 100],
      quick: [0, 10, 100],
      range: { min: 0, max: 100 },
    },
    harts: {
      summary: 'number of harts',
      values: [1, 2, 4, 8, 16, 32, 64],
      quick: [1, 8, 64],
      range: { min: 1, max: 256 },
    },
  },
  parameters: {
    accesses: { summary: 'accesses of each hart', default: 400, quick: 100, min: 20, max: 100_000 },
  },
  chooses: ['memorySystem', 'nodes', 'coresPerNode', 'memoryPerNode', 'l1.line'],
  includes: ({ own, share }) => own === 'cached' || share === 0,
  columns: [
    { key: 'machine', summary: 'preset' },
    { key: 'own', summary: 'where a hart’s own data comes from' },
    { key: 'share', summary: 'accesses to shared memory', unit: '%' },
    { key: 'harts', summary: 'number of harts' },
    { key: 'cycles', summary: 'until the last hart was done', unit: 'cycles' },
    { key: 'speedup', summary: 'harts × time of one alone / time of all', digits: 1 },
    { key: 'efficiency', summary: 'speed-up per hart', digits: 2 },
    { key: 'misses', summary: 'accesses whose line the cache did not hold' },
    { key: 'invalidations', summary: 'copies in other caches that writes destroyed' },
    {
      key: 'queueShare',
      summary: 'share of all harts’ time spent waiting for a bus, link or module',
      digits: 2,
    },
  ],
  measure,
  claims: CLAIMS,
  tables: [
    {
      title: 'Speed-up, by the number of harts',
      down: ['machine', 'own', 'share'],
      across: { key: 'harts', show: 'speedup' },
    },
  ],
  figures: [
    {
      name: 'speedup',
      title: 'Speed-up, the hart’s own data in its cache',
      x: { key: 'harts', label: 'harts', scale: 'log2' },
      y: { key: 'speedup', label: 'speed-up', scale: 'log' },
      series: { key: 'share', label: 'percentage of shared accesses' },
      panelsAcross: 'machine',
      where: (row) => row['own'] === 'cached',
    },
  ],
};
