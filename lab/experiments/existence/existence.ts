/** The experiment `existence`: what keeps an object there while somebody uses it, and what that costs. */
import type { Cell, Experiment, Row, Settings } from '../framework/experiment.ts';
import { CLAIMS } from './claims.ts';
import { measureLifetime } from './lifetime.ts';
import { measureLocking } from './locking.ts';

const SCHEMES: Readonly<Record<string, readonly string[]>> = {
  lifetime: ['two generations', 'one count'],
  faults: ['existence', 'hierarchical'],
};
const ALL = Object.values(SCHEMES).flat();

function measure(cell: Cell, settings: Settings): Row {
  const { load, scheme, harts } = cell as { load: string; scheme: string; harts: number };
  return load === 'lifetime'
    ? measureLifetime(scheme, harts, settings)
    : measureLocking(scheme, harts, settings);
}

export const existence: Experiment = {
  id: 'existence',
  summary: 'Existence without hierarchy: generations against one count, counts against nested locks.',
  question:
    'When is the memory of a destroyed object free, if on every hart there is always somebody inside the kernel? ' +
    'And what does a page fault of one of n threads cost, if the locks of process, region, FCM and COR are held ' +
    'one inside the other, or none of them is?',
  sources: [
    'Gamsa, Krieger, Appavoo & Stumm, Tornado, OSDI 1999 (existence guarantee; from notes and memory)',
    'K42, COSMgrObject (two generations and a token; derived from Tornado)',
    'CS6210 notes: non-hierarchical locking and existence guarantee',
  ],
  factors: {
    load: {
      summary: 'lifetime: callers that overlap, one object destroyed; faults: threads of one process',
      values: ['lifetime', 'faults'],
      quick: ['lifetime', 'faults'],
    },
    scheme: { summary: 'what keeps objects in existence', values: ALL, quick: ALL },
    harts: {
      summary: 'number of harts',
      values: [1, 2, 4, 8, 16],
      quick: [1, 4, 16],
      range: { min: 1, max: 64 },
    },
  },
  parameters: {
    // With fewer the load is over before the token has been round sixteen harts twice.
    turns: { summary: 'callers on each hart', default: 200, quick: 200, min: 50, max: 100_000 },
    pages: { summary: 'pages that each thread touches', default: 32, quick: 16, min: 4, max: 512 },
  },
  chooses: ['memorySystem', 'nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode'],
  includes: ({ load, scheme }) => (SCHEMES[load as string] ?? []).includes(scheme as string),
  columns: [
    { key: 'load', summary: 'what the harts do' },
    { key: 'scheme', summary: 'what keeps objects in existence' },
    { key: 'harts', summary: 'number of harts' },
    { key: 'holds', summary: 'uses of a representative that was held while others came and went' },
    { key: 'touched', summary: 'of these, how many found it freed' },
    { key: 'freed', summary: 'whether the object was freed before the load ended' },
    { key: 'cycles', summary: 'from its destruction until then', unit: 'cycles' },
    { key: 'generations', summary: 'generations that passed until then, the most of any hart' },
    { key: 'faults', summary: 'page faults' },
    { key: 'perFault', summary: 'cycles of a page fault, trap to return', unit: 'cycles', digits: 0 },
  ],
  measure,
  claims: CLAIMS,
  tables: [
    {
      title: 'Cycles of a page fault, by the number of threads, each on a hart of its own',
      down: ['scheme'],
      across: { key: 'harts', show: 'perFault' },
      where: (row) => row['load'] === 'faults',
    },
    {
      title: 'Cycles from destruction until the memory is free, under callers that overlap',
      down: ['scheme'],
      across: { key: 'harts', show: 'cycles' },
      where: (row) => row['load'] === 'lifetime',
    },
  ],
  figures: [
    {
      name: 'faults',
      title: 'Cycles of a page fault of one of n threads',
      x: { key: 'harts', label: 'threads, each on a hart of its own', scale: 'log2' },
      y: { key: 'perFault', label: 'cycles', scale: 'log' },
      series: { key: 'scheme', label: 'locking' },
      where: (row) => row['load'] === 'faults',
    },
  ],
};
