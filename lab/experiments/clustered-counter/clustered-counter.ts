/** The experiment `clustered-counter`: one counter, shared, grouped, partitioned, replicated, and replaced in use. */
import type { Experiment } from '../framework/experiment.ts';
import { CLAIMS } from './claims.ts';
import { FORMS } from './forms.ts';
import { measureCounter } from './measure.ts';

const NAMES = Object.keys(FORMS);
const describe = Object.entries(FORMS)
  .map(([name, { summary }]) => `${name}: ${summary}`)
  .join('; ');

export const clusteredCounter: Experiment = {
  id: 'clustered-counter',
  summary: 'A counter object, 1 to 16 harts: shared, in parts, in copies, and replaced while in use.',
  question:
    'What does it cost to add to a counter of the kernel, and to read it, when more and more harts do so, by how ' +
    'many harts share a representative? What does a reference cost more than a pointer? Can the form be changed ' +
    'while the counter is in use?',
  sources: [
    'Gamsa, Krieger, Appavoo & Stumm, Tornado, OSDI 1999 (figures from notes on the paper, or from memory)',
    'K42, Clustered Objects (sources and white paper, derived from Tornado)',
    'Soules et al., System Support for Online Reconfiguration, USENIX 2003',
  ],
  factors: {
    machine: { summary: 'preset', values: ['cc-numa', 'smp'], quick: ['cc-numa', 'smp'] },
    form: { summary: describe, values: NAMES, quick: NAMES },
    operation: { summary: 'what all harts do', values: ['add', 'read'], quick: ['add', 'read'] },
    harts: {
      summary: 'number of harts',
      values: [1, 2, 4, 8, 16],
      quick: [1, 8, 16],
      range: { min: 1, max: 64 },
    },
  },
  parameters: {
    rounds: { summary: 'operations of each hart', default: 300, quick: 60, min: 20, max: 100_000 },
  },
  chooses: ['nodes', 'coresPerNode', 'hartsPerCore'],
  columns: [
    { key: 'machine', summary: 'preset' },
    { key: 'form', summary: 'how the counter uses representatives' },
    { key: 'operation', summary: 'what all harts do' },
    { key: 'harts', summary: 'number of harts' },
    { key: 'perOperation', summary: 'cycles of a hart for one operation', unit: 'cycles', digits: 0 },
    { key: 'loads', summary: 'loads of one operation' },
    { key: 'invalidations', summary: 'copies that an operation destroyed in other caches', digits: 2 },
    { key: 'translationMisses', summary: 'translation misses of a hart, all told', digits: 2 },
    { key: 'extraLoads', summary: 'loads with which a reference that hits is followed' },
    { key: 'lost', summary: 'additions that succeeded and are missing in the end' },
  ],
  measure: measureCounter,
  claims: CLAIMS,
  tables: [
    {
      title: 'Cycles of a hart for an operation, by the number of harts',
      down: ['operation', 'machine', 'form'],
      across: { key: 'harts', show: 'perOperation' },
    },
  ],
  figures: [
    {
      name: 'operations',
      title: 'Cycles of a hart for an operation on the counter',
      x: { key: 'harts', label: 'harts', scale: 'log2' },
      y: { key: 'perOperation', label: 'cycles', scale: 'log' },
      series: { key: 'form', label: 'form of the counter' },
      panelsAcross: 'operation',
      panelsDown: 'machine',
    },
  ],
};
