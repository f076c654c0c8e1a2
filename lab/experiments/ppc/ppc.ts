/** The experiment `ppc`: protected procedure calls to one server from all harts, and representatives kept equal by calls. */
import type { Experiment } from '../framework/experiment.ts';
import { SCENES } from './callers.ts';
import { CLAIMS } from './claims.ts';
import { CONSISTENCIES } from './counter-callers.ts';
import { MOST_WORDS } from './service.ts';
import { INDEPENDENT, measurePpc } from './measure.ts';

const ALL_SCENES: readonly string[] = [...SCENES, ...Object.keys(CONSISTENCIES)];

const isIndependent = (scene: unknown): boolean => (INDEPENDENT as readonly unknown[]).includes(scene);

export const ppc: Experiment = {
  id: 'ppc',
  summary:
    'Protected procedure calls, 1 to 16 harts calling one server; representatives kept equal by calls.',
  question:
    'Do calls of all harts to one server get in each other’s way? What if the server has a lock of its own? What does it ' +
    'cost to change a state of which every hart has a representative, by calls to every hart or by shared memory, and to read it afterwards?',
  sources: [
    'Gamsa, Krieger & Stumm, ICPP 1994 and CSRI-294 (abstracts)',
    'Gamsa, Krieger, Appavoo & Stumm, Tornado, OSDI 1999 (notes on the paper)',
  ],
  factors: {
    machine: { summary: 'preset', values: ['cc-numa', 'smp'], quick: ['cc-numa'] },
    scene: {
      summary:
        'null: a procedure that does nothing; locked: one that holds a lock which all workers share; message: null by messages; ' +
        'memory, calls, sends: hart 0 changes all representatives itself, asks each hart by a call, or by one that it does not wait for; ' +
        'counter-memory, counter-calls: hart 0 adds to a replicated counter of the kernel, with kernel.objects.consistency=shared or calls',
      values: ALL_SCENES,
      quick: ALL_SCENES,
    },
    harts: {
      summary: 'number of harts',
      values: [1, 2, 4, 8, 16],
      quick: [1, 2, 16],
      range: { min: 1, max: 64 },
    },
  },
  parameters: {
    rounds: { summary: 'calls of each hart', default: 100, quick: 30, min: 1, max: 100_000 },
    changes: { summary: 'changes of the state', default: 20, quick: 5, min: 1, max: 10_000 },
    held: {
      summary: 'cycles that the server holds its lock',
      default: 1000,
      quick: 1000,
      min: 0,
      max: 100_000,
    },
    words: { summary: 'words of a representative', default: 64, quick: 64, min: 1, max: MOST_WORDS },
  },
  chooses: ['nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode'],
  columns: [
    { key: 'machine', summary: 'preset' },
    { key: 'scene', summary: 'what is done' },
    { key: 'harts', summary: 'number of harts' },
    { key: 'perCall', summary: 'time of a call', unit: 'cycles', digits: 0 },
    { key: 'throughput', summary: 'calls of all harts', unit: '/Mcycle', digits: 0 },
    { key: 'transactions', summary: 'misses, upgrades and the like of a call', digits: 2 },
    { key: 'locks', summary: 'locks that the kernel takes for a call', digits: 2 },
    { key: 'sharedLines', summary: 'lines of the kernel’s that one hart writes and another touches' },
    { key: 'readOnlyLines', summary: 'lines of the kernel’s that several harts only read' },
    { key: 'perChange', summary: 'time of a change of all representatives', unit: 'cycles', digits: 0 },
    {
      key: 'perRead',
      summary: 'time of a read, by a call or a system call, after a change',
      unit: 'cycles',
      digits: 0,
    },
    { key: 'readTransactions', summary: 'misses and the like of such a read', digits: 2 },
  ],
  measure: measurePpc,
  claims: CLAIMS,
  tables: [
    {
      title: 'Calls of all harts in a million cycles, by the number of harts',
      down: ['machine', 'scene'],
      across: { key: 'harts', show: 'throughput' },
      where: (row) => isIndependent(row['scene']),
    },
    {
      title: 'Cycles of a change of all representatives, by the number of harts',
      down: ['machine', 'scene'],
      across: { key: 'harts', show: 'perChange' },
      where: (row) => !isIndependent(row['scene']),
    },
    {
      title: 'Cycles of a read afterwards, by the number of harts',
      down: ['machine', 'scene'],
      across: { key: 'harts', show: 'perRead' },
      where: (row) => !isIndependent(row['scene']),
    },
  ],
  figures: [
    {
      name: 'throughput',
      title: 'Calls to one server',
      x: { key: 'harts', label: 'harts', scale: 'log2' },
      y: { key: 'throughput', label: 'calls in a million cycles', scale: 'log' },
      series: { key: 'scene', label: 'what is done' },
      panelsAcross: 'machine',
      where: (row) => isIndependent(row['scene']),
    },
    {
      name: 'changes',
      title: 'Changing all representatives',
      x: { key: 'harts', label: 'harts', scale: 'log2' },
      y: { key: 'perChange', label: 'cycles', scale: 'log' },
      series: { key: 'scene', label: 'how' },
      panelsAcross: 'machine',
      where: (row) => !isIndependent(row['scene']),
    },
  ],
};
