/** The experiment `fault-service`: what share of serving a page fault is serial, by what those who fault have in common. */
import type { Cell, Experiment, Row, Settings } from '../framework/experiment.ts';
import { perOperation, runMicro } from '../page-fault/micro-run.ts';
import { CLAIMS } from './claims.ts';
import { LocksOfFaults } from './locks-of-faults.ts';

const SCENARIOS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  processes: { form: 'processes' },
  'own regions': { sharing: 'own' },
  'one region': { sharing: 'region' },
  'same pages': { sharing: 'pages' },
};
const IDS = Object.keys(SCENARIOS);
const KERNELS = ['objects', 'traditional'];

function measure(cell: Cell, settings: Settings): Row {
  const { scenario, vm, harts } = cell as { scenario: string; vm: string; harts: number };
  const pages = settings.parameters['pages'] as number;
  let locks: LocksOfFaults | undefined;
  const stretches = runMicro(
    {
      machine: 'cc-numa',
      harts,
      options: { vm },
      parameters: { ...SCENARIOS[scenario], operations: pages },
      watch: (machine) => (locks = new LocksOfFaults(machine)),
    },
    settings,
  );
  const perFault = perOperation(stretches, pages);
  const faults = pages * harts;
  return {
    faults,
    perFault,
    waited: (100 * (locks?.waited ?? 0)) / faults / perFault,
    longestHeld: (100 * (locks?.longestHeld ?? 0)) / faults / perFault,
  };
}

export const faultService: Experiment = {
  id: 'fault-service',
  summary: 'What share of serving a page fault is serial: independent processes against threads that share.',
  question:
    'Page faults find their pages in memory. Which share of serving one happens one after the other, when those who fault ' +
    'have nothing in common, a process, a region, or the very pages?',
  sources: [
    'CS6210 notes: page fault service, the easy and the hard scenario',
    'Gamsa, Krieger, Appavoo & Stumm, Tornado, OSDI 1999 (from notes and memory)',
    'Karp & Flatt, Measuring Parallel Processor Performance, CACM 33(5), 1990 (the serial fraction; from memory)',
  ],
  factors: {
    scenario: { summary: 'what those who fault have in common', values: IDS, quick: IDS },
    vm: { summary: 'virtual memory (kernel.vm)', values: KERNELS, quick: KERNELS },
    harts: {
      summary: 'harts that fault',
      values: [1, 2, 4, 8, 16],
      quick: [1, 16],
      range: { min: 1, max: 64 },
    },
  },
  parameters: {
    pages: { summary: 'pages that each touches', default: 32, quick: 32, min: 4, max: 2048 },
  },
  chooses: ['memorySystem', 'nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode'],
  columns: [
    { key: 'scenario', summary: 'what those who fault have in common' },
    { key: 'vm', summary: 'virtual memory' },
    { key: 'harts', summary: 'harts that fault' },
    { key: 'faults', summary: 'page faults of all' },
    { key: 'perFault', summary: 'time of a page fault, seen by the program', unit: 'cycles', digits: 0 },
    { key: 'waited', summary: 'of that, from wanting locks to having them', unit: '%', digits: 1 },
    {
      key: 'longestHeld',
      summary: 'of that, one lock held which several take: of those the longest',
      unit: '%',
      digits: 1,
    },
  ],
  measure,
  claims: CLAIMS,
  tables: [
    {
      title: 'Cycles of a page fault, by the number of harts that fault',
      down: ['scenario', 'vm'],
      across: { key: 'harts', show: 'perFault' },
    },
    {
      title: 'Of these, from wanting a lock to having it (%)',
      down: ['scenario', 'vm'],
      across: { key: 'harts', show: 'waited' },
    },
  ],
  figures: [
    {
      name: 'faults',
      title: 'Cycles of a page fault of one of n harts',
      x: { key: 'harts', label: 'harts that fault', scale: 'log2' },
      y: { key: 'perFault', label: 'cycles', scale: 'log' },
      series: { key: 'scenario', label: 'in common' },
      panelsAcross: 'vm',
    },
  ],
};
