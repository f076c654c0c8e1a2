/** The experiment `degrees`: what the degree of clustering of each object on the way of a page fault is worth. */
import type { Cell, Experiment, Row, Settings } from '../framework/experiment.ts';
import { measureFaults } from '../framework/fault-run.ts';
import { CLAIMS } from './claims.ts';
import { FORMS } from './forms.ts';

const IDS = FORMS.map(({ id }) => id);

function measure(cell: Cell, settings: Settings): Row {
  const { form, regions, harts } = cell as { form: string; regions: string; harts: number };
  const options = FORMS.find(({ id }) => id === form)?.options ?? {};
  const pages = settings.parameters[regions === 'one' ? 'shared' : 'own'] as number;
  const sharing = regions === 'one' ? 'shared' : 'private';
  return measureFaults({ harts, options, parameters: { pages, threads: harts, sharing } }, settings);
}

export const degrees: Experiment = {
  id: 'degrees',
  summary: 'Degrees of clustering of process, region and FCM: what each is worth in a page fault.',
  question:
    'What does a page fault of one of n threads cost, if they fault on one region or each on its own, and process, ' +
    'region and FCM have one representative for all harts, some, or one for each? And does a policy that replaces ' +
    'regions while they are in use find the right degree by itself?',
  sources: [
    'Gamsa, Krieger, Appavoo & Stumm, Tornado, OSDI 1999 (degrees of clustering; from notes and memory)',
    'Soules et al., System Support for Online Reconfiguration, USENIX 2003 (hot swap; from the abstract)',
    'CS6210 notes: usage pattern determines the level of replication',
  ],
  factors: {
    regions: {
      summary: 'one: all threads fault on the same pages; own: each has a region of its own',
      values: ['one', 'own'],
      quick: ['one', 'own'],
    },
    form: { summary: 'how the objects are clustered', values: IDS, quick: IDS },
    harts: {
      summary: 'number of harts',
      values: [1, 2, 4, 8, 16],
      quick: [1, 16],
      range: { min: 1, max: 64 },
    },
  },
  parameters: {
    shared: { summary: 'pages of the one region', default: 512, quick: 128, min: 64, max: 4096 },
    own: { summary: 'pages of each own region', default: 64, quick: 32, min: 4, max: 512 },
  },
  chooses: ['memorySystem', 'nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode'],
  includes: () => true,
  columns: [
    { key: 'regions', summary: 'one region for all threads, or each its own' },
    { key: 'form', summary: 'how the objects are clustered' },
    { key: 'harts', summary: 'number of harts' },
    { key: 'faults', summary: 'page faults' },
    { key: 'perFault', summary: 'cycles of a page fault, trap to return', unit: 'cycles', digits: 0 },
  ],
  measure,
  claims: CLAIMS,
  tables: [
    {
      title: 'Cycles of a page fault, all threads in one region, by the number of threads',
      down: ['form'],
      across: { key: 'harts', show: 'perFault' },
      where: (row) => row['regions'] === 'one',
    },
    {
      title: 'Cycles of a page fault, each thread in a region of its own',
      down: ['form'],
      across: { key: 'harts', show: 'perFault' },
      where: (row) => row['regions'] === 'own',
    },
  ],
  figures: [
    {
      name: 'one-region',
      title: 'Cycles of a page fault of one of n threads in one region',
      x: { key: 'harts', label: 'threads, each on a hart of its own', scale: 'log2' },
      y: { key: 'perFault', label: 'cycles', scale: 'log' },
      series: { key: 'form', label: 'clustering' },
      where: (row) => row['regions'] === 'one',
    },
  ],
};
