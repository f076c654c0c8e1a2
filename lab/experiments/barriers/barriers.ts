/** The experiment `barriers`: what each kind of barrier costs on each machine. */
import type { BarrierKind } from '../../../userland/index.ts';
import type { Cell, Experiment, Settings } from '../framework/experiment.ts';
import type { OwnKind } from '../../load/load-kind.ts';
import { never, withOwnKind } from '../framework/own-kind.ts';
import { numberIn, pick } from '../framework/rows.ts';
import { MACHINES } from '../synchronization/machines.ts';
import { CLAIMS } from './claims.ts';
import { KINDS, measureBarrier } from './measure.ts';

const IDS = KINDS.map(({ id }) => id);
const HARTS = [1, 2, 3, 4, 6, 8, 12, 16, 20, 32, 64];

/** Numbers of harts at which the paper and the notes look, by machine. */
const USUAL: Readonly<Record<string, readonly number[]>> = {
  symmetry: [2, 4, 8, 12, 16, 20],
  butterfly: [1, 2, 3, 4, 6, 8, 12, 16, 20, 32, 64],
  'cc-numa': [2, 4, 8, 16, 32, 64],
  smp: [2, 4, 8, 16, 32, 64],
  'smp-update': [2, 4, 8, 16, 32, 64],
  'cc-numa-update': [4, 16, 64],
  'dance-hall': [4, 16, 64],
  'ncc-numa': [4, 16, 64],
  cluster: [1, 2, 3, 4, 6, 8, 12, 16, 20, 32, 64],
};

/** Messages are for a cluster, which has nothing else. */
const fits = ({ machine, barrier }: Cell, kinds: readonly BarrierKind[]): boolean =>
  kinds.some(({ id, messages }) => id === barrier && messages === true) === (machine === 'cluster');

/** What cannot be measured is left out, unless nothing else was asked for: then it says why. */
const fitsOrAsked = (cell: Cell, { factors }: Settings, kinds: readonly BarrierKind[]): boolean =>
  fits(cell, kinds) ||
  !factors['machine']?.some((machine) =>
    factors['barrier']?.some((barrier) => fits({ machine, barrier }, kinds)),
  );

const isUsual = ({ machine, harts }: Cell): boolean =>
  (USUAL[machine as string]?.includes(harts as number) ?? false) || !HARTS.includes(harts as number);

/** Which cells make sense, of these kinds. */
const includesOf =
  (kinds: readonly BarrierKind[]) =>
  (cell: Cell, settings: Settings): boolean =>
    fitsOrAsked(cell, settings, kinds) && (settings.parameters['all'] === 1 || isUsual(cell));

/** The experiment with a barrier of the user's own. */
const ownBarrier = (own: OwnKind<'barrier'>): Experiment => {
  const { id } = own.kind;
  return withOwnKind(barriers, 'barrier', own, {
    measure: (cell, settings) => measureBarrier(cell, settings, own.kind),
    includes: includesOf([...KINDS, own.kind]),
    claims: [
      never('own-early', `${id}: how often somebody passed before all had arrived.`, own.name, (rows) =>
        pick(rows, { barrier: id }).reduce((sum, row) => sum + numberIn(row, 'early'), 0),
      ),
    ],
  });
};

export const barriers: Experiment = {
  id: 'barriers',
  summary: 'Every barrier on every machine: time, traffic and atomic instructions per episode, space.',
  question:
    'What does an episode of a barrier cost, in time and in messages, and which barrier is best on which machine?',
  sources: [
    'Mellor-Crummey & Scott, Algorithms for Scalable Synchronization, TOCS 9(1), 1991',
    'Ramachandran, CS6210 notes: barriers',
  ],
  factors: {
    machine: {
      summary: 'preset, and protocol',
      values: [...MACHINES, 'cluster'],
      quick: ['symmetry', 'butterfly', 'cc-numa', 'cluster'],
    },
    barrier: { summary: 'kind of barrier', values: IDS, quick: IDS },
    harts: {
      summary: 'number of harts',
      values: HARTS,
      quick: [2, 4, 8, 16, 20, 64],
      range: { min: 1, max: 1024 },
    },
  },
  parameters: {
    episodes: { summary: 'episodes measured', default: 12, quick: 4, min: 1, max: 100_000 },
    all: { summary: '1: also the cells that no source speaks of', default: 0, quick: 0, min: 0, max: 1 },
  },
  chooses: ['coherence', 'memorySystem', 'nodes', 'coresPerNode', 'memoryPerNode'],
  includes: includesOf(KINDS),
  columns: [
    { key: 'machine', summary: 'preset, and protocol' },
    { key: 'barrier', summary: 'kind of barrier' },
    { key: 'harts', summary: 'number of harts' },
    { key: 'perEpisode', summary: 'time of an episode', unit: 'cycles', digits: 0 },
    { key: 'transactions', summary: 'transactions on bus or network, per episode', digits: 1 },
    { key: 'remote', summary: 'of these, not served by the own node’s memory', digits: 1 },
    { key: 'atomics', summary: 'read-modify-writes per episode', digits: 1 },
    { key: 'early', summary: 'how often a hart passed before all had arrived' },
    { key: 'space', summary: 'the barrier with all its parts', unit: 'bytes' },
    { key: 'own', summary: 'a participant’s own part', unit: 'bytes' },
  ],
  measure: (cell, settings) => measureBarrier(cell, settings),
  claims: CLAIMS,
  takes: { barrier: ownBarrier },
  tables: [
    {
      title: 'Symmetry: cycles per episode, by the number of harts',
      down: ['barrier'],
      across: { key: 'harts', show: 'perEpisode' },
      where: (row) => row['machine'] === 'symmetry',
    },
    {
      title: 'Butterfly: the same',
      down: ['barrier'],
      across: { key: 'harts', show: 'perEpisode' },
      where: (row) => row['machine'] === 'butterfly' && ![3, 6, 12, 20].includes(Number(row['harts'])),
    },
    {
      title: 'Butterfly: remote references per episode',
      down: ['barrier'],
      across: { key: 'harts', show: 'remote' },
      where: (row) => row['machine'] === 'butterfly' && ![3, 6, 12, 20].includes(Number(row['harts'])),
    },
    {
      title: 'Cluster: cycles per episode, by the number of nodes',
      down: ['barrier'],
      across: { key: 'harts', show: 'perEpisode' },
      where: (row) => row['machine'] === 'cluster' && ![3, 6, 12, 20].includes(Number(row['harts'])),
    },
    {
      title: '16 harts: cycles per episode, by machine',
      down: ['barrier'],
      across: { key: 'machine', show: 'perEpisode' },
      where: (row) =>
        row['harts'] === 16 &&
        ['smp', 'smp-update', 'cc-numa', 'dance-hall', 'ncc-numa'].includes(String(row['machine'])),
    },
  ],
  figures: [
    {
      name: 'time',
      title: 'Cycles per episode',
      x: { key: 'harts', label: 'harts', scale: 'log2' },
      y: { key: 'perEpisode', label: 'cycles per episode', scale: 'log' },
      series: { key: 'barrier', label: 'barrier' },
      panelsAcross: 'machine',
      where: (row) =>
        ['symmetry', 'butterfly', 'cc-numa', 'dance-hall', 'cluster'].includes(String(row['machine'])),
    },
    {
      name: 'remote',
      title: 'Remote references per episode on the Butterfly',
      x: { key: 'harts', label: 'harts', scale: 'log2' },
      y: { key: 'remote', label: 'remote references per episode', scale: 'log' },
      series: { key: 'barrier', label: 'barrier' },
      where: (row) => row['machine'] === 'butterfly' && Number(row['harts']) > 1,
    },
  ],
};
