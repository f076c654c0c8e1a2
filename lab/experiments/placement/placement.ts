/** The experiment `placement`: on which node pages lie, and what that costs whom. */
import { PLACEMENTS } from '../../../kernel/index.ts';
import { PATTERNS } from '../../../userland/programs/pages.ts';
import type { Experiment } from '../framework/experiment.ts';
import { CLAIMS } from './claims.ts';
import { measurePlacement } from './measure.ts';

const PATTERN_NAMES = Object.keys(PATTERNS);

export const placement: Experiment = {
  id: 'placement',
  summary:
    'Pages on the node of the first toucher, interleaved, bound, migrated, replicated: misses and time.',
  question:
    'How many misses go to another node, and what does a line cost, when pages are placed by first touch, interleaved, ' +
    'bound to one node, moved to whom they are used by, or replicated where they are only read? For memory that each ' +
    'worker has filled itself, that one process has filled, that all read, and that goes from writer to writer.',
  sources: [
    'Bolosky, Fitzgerald & Scott, Simple but effective techniques for NUMA memory management, SOSP 1989 (from memory)',
    'Govil et al., Cellular Disco, SOSP 1999 (migration and replication of a guest’s pages; from memory)',
  ],
  factors: {
    machine: { summary: 'preset', values: ['cc-numa', 'numachine'], quick: ['cc-numa'] },
    pattern: { summary: 'whose pages a worker touches', values: PATTERN_NAMES, quick: PATTERN_NAMES },
    placement: {
      summary: 'where pages lie (kernel.placement)',
      values: [...PLACEMENTS],
      quick: [...PLACEMENTS],
    },
    harts: { summary: 'workers, each on a hart', values: [4, 16], quick: [16], range: { min: 2, max: 64 } },
  },
  parameters: {
    pages: { summary: 'pages of each worker', default: 16, quick: 16, min: 1, max: 64 },
    rounds: { summary: 'how often it touches each line', default: 8, quick: 8, min: 1, max: 64 },
  },
  chooses: ['memorySystem', 'nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode'],
  columns: [
    { key: 'machine', summary: 'preset' },
    { key: 'pattern', summary: 'whose pages a worker touches' },
    { key: 'placement', summary: 'where pages lie' },
    { key: 'harts', summary: 'workers' },
    { key: 'perLine', summary: 'time for a line, faults and moves included', unit: 'cycles', digits: 1 },
    { key: 'remote', summary: 'lines filled from another node’s memory, of each line touched', digits: 3 },
    {
      key: 'local',
      summary: 'lines filled from the hart’s own node’s memory, of each line touched',
      digits: 3,
    },
    {
      key: 'waiting',
      summary: 'of that time, for links and memory modules that are busy',
      unit: 'cycles',
      digits: 1,
    },
    { key: 'moved', summary: 'pages that moved' },
    { key: 'replicated', summary: 'pages that were replicated' },
  ],
  measure: measurePlacement,
  claims: CLAIMS,
  tables: [
    {
      title: 'Lines filled from another node’s memory, of each line touched',
      down: ['machine', 'harts', 'pattern'],
      across: { key: 'placement', show: 'remote' },
    },
    {
      title: 'Cycles of a line, faults and moves included',
      down: ['machine', 'harts', 'pattern'],
      across: { key: 'placement', show: 'perLine' },
    },
  ],
  figures: [
    {
      name: 'remote',
      title: 'Lines filled from another node’s memory, of each line touched',
      x: { key: 'placement', label: 'placement', scale: 'point' },
      y: { key: 'remote', label: 'of each line', scale: 'linear' },
      series: { key: 'pattern', label: 'pages' },
      panelsAcross: 'machine',
      panelsDown: 'harts',
    },
  ],
};
