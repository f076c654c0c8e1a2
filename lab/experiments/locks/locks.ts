/** The experiment `locks`: what each kind of lock costs on each machine. */
import type { Cell, Experiment, Settings } from '../framework/experiment.ts';
import { MACHINES } from '../synchronization/machines.ts';
import { CLAIMS } from './claims.ts';
import { ownLock } from './own-lock.ts';
import { measureLock, MEASURE_NAMES, SPIN_LOCKS } from './measure.ts';

const IDS = SPIN_LOCKS.map(({ id }) => id);
const HARTS = [1, 2, 4, 6, 8, 10, 12, 16, 20, 32, 64];

/** Numbers of harts at which the papers and the notes look, by what is measured and where. */
const USUAL: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  contest: {
    symmetry: [1, 2, 4, 6, 8, 10, 12, 16, 20],
    butterfly: [1, 2, 4, 8, 16, 32, 64],
    'cc-numa': [1, 2, 4, 8, 16, 32, 64],
    smp: [1, 2, 4, 8, 16, 32, 64],
    'smp-update': [1, 2, 4, 8, 16, 32, 64],
    'cc-numa-update': [1, 4, 16, 64],
    'dance-hall': [1, 4, 16, 64],
    'ncc-numa': [1, 4, 16, 64],
  },
  release: { symmetry: [2, 4, 8, 12, 16, 20] },
  probe: { butterfly: [64] },
  elapsed: { symmetry: [1, 2, 4, 6, 8, 10, 12, 16, 20] },
  stalled: { symmetry: [8] },
};

/** The cells that the papers and the notes speak of; with the parameter `all`, every one. */
const includes = ({ measure, machine, harts }: Cell, { parameters, factors }: Settings): boolean => {
  // It cannot be measured, and says why to those who ask.
  if (machine === 'cluster') return factors['machine']?.length === 1;
  return (
    parameters['all'] === 1 ||
    (USUAL[measure as string]?.[machine as string]?.includes(harts as number) ?? false) ||
    !HARTS.includes(harts as number)
  );
};

export const locks: Experiment = {
  id: 'locks',
  summary: 'Every lock on every machine: latency, contention, waiting, traffic, fairness, space.',
  question:
    'What does a lock cost when nobody else wants it, what when many do, and what does that depend on: ' +
    'the algorithm, the number of processors, or whether caches are coherent?',
  sources: [
    'Mellor-Crummey & Scott, Algorithms for Scalable Synchronization, TOCS 9(1), 1991',
    'Anderson, The Performance of Spin Lock Alternatives, TPDS 1(1), 1990',
    'Ramachandran, CS6210 notes: Synchronization',
  ],
  factors: {
    measure: {
      summary: 'how: a contest, one release, a look at the network, a fixed load, a waiter that is away',
      values: MEASURE_NAMES,
      quick: ['contest', 'release', 'stalled'],
    },
    machine: {
      summary: 'preset, and protocol',
      values: [...MACHINES, 'cluster'],
      quick: ['symmetry', 'butterfly'],
    },
    lock: {
      summary: 'kind of lock',
      values: IDS,
      quick: ['test-and-set', 'exponential-backoff', 'ticket', 'anderson', 'mcs'],
    },
    harts: {
      summary: 'number of harts',
      values: HARTS,
      quick: [1, 2, 8, 20, 64],
      range: { min: 1, max: 1024 },
    },
  },
  parameters: {
    rounds: {
      summary: 'acquisitions of each hart in a contest, at least',
      default: 8,
      quick: 4,
      min: 2,
      max: 10_000,
    },
    section: { summary: 'cycles inside, in a contest', default: 0, quick: 0, min: 0, max: 100_000 },
    sections: {
      summary: 'critical sections of a fixed load',
      default: 600,
      quick: 200,
      min: 10,
      max: 1_000_000,
    },
    looks: {
      summary: 'looks at the network while all compete',
      default: 200,
      quick: 50,
      min: 1,
      max: 100_000,
    },
    all: { summary: '1: also the cells that no source speaks of', default: 0, quick: 0, min: 0, max: 1 },
  },
  chooses: ['coherence', 'memorySystem', 'nodes', 'coresPerNode', 'memoryPerNode'],
  includes,
  columns: [
    { key: 'measure', summary: 'what was done' },
    { key: 'machine', summary: 'preset, and protocol' },
    { key: 'lock', summary: 'kind of lock' },
    { key: 'harts', summary: 'number of harts' },
    { key: 'sections', summary: 'critical sections of all harts' },
    { key: 'latency', summary: 'acquire and release, one hart alone', unit: 'cycles', digits: 0 },
    { key: 'perSection', summary: 'time of the contest per critical section', unit: 'cycles', digits: 0 },
    {
      key: 'handover',
      summary: 'contention: from a release to the next being in',
      unit: 'cycles',
      digits: 0,
    },
    { key: 'wait', summary: 'waiting time: from wanting it to having it', unit: 'cycles', digits: 0 },
    { key: 'longestWait', summary: 'the longest of these', unit: 'cycles' },
    { key: 'transactions', summary: 'transactions on bus or network, per section', digits: 1 },
    { key: 'remote', summary: 'of these, not served by the own node’s memory', digits: 1 },
    { key: 'atomics', summary: 'read-modify-writes per section', digits: 1 },
    { key: 'fairness', summary: 'Jain’s index of what each got until the first was done', digits: 2 },
    { key: 'overtakes', summary: 'the most sections of later comers during one wait' },
    { key: 'overlaps', summary: 'sections begun before the last one ended' },
    { key: 'space', summary: 'the lock and what all threads bring', unit: 'bytes' },
    { key: 'spaceInLines', summary: 'the lock alone', unit: 'lines' },
    { key: 'quiesce', summary: 'from a release until memory is quiet; none: never', unit: 'cycles' },
    { key: 'woken', summary: 'harts that went to memory because of one release' },
    { key: 'looksShared', summary: 'whether two waiters look at the same word' },
    { key: 'inOrder', summary: 'whether all were served in the order of asking' },
    { key: 'hotNode', summary: 'how much longer it takes to read the lock’s node', unit: '%', digits: 0 },
    { key: 'idleNode', summary: 'how much longer it takes to read an idle node', unit: '%', digits: 0 },
    { key: 'elapsed', summary: 'a fixed load', unit: 'cycles' },
    { key: 'overIdeal', summary: 'that, over what the work alone would take', digits: 2 },
    { key: 'overhead', summary: 'processor time per section beside the work', unit: 'cycles', digits: 0 },
    { key: 'meanwhile', summary: 'sections of others while a waiter was away' },
  ],
  measure: (cell, settings) => measureLock(cell, settings),
  claims: CLAIMS,
  takes: { lock: (own) => ownLock(locks, own) },
  tables: [
    {
      title: 'Symmetry: cycles per critical section, by the number of harts',
      down: ['lock'],
      across: { key: 'harts', show: 'perSection' },
      where: (row) => row['measure'] === 'contest' && row['machine'] === 'symmetry',
    },
    {
      title: 'Butterfly: the same',
      down: ['lock'],
      across: { key: 'harts', show: 'perSection' },
      where: (row) => row['measure'] === 'contest' && row['machine'] === 'butterfly',
    },
    {
      title: 'cc-numa: transactions per critical section, by the number of harts',
      down: ['lock'],
      across: { key: 'harts', show: 'transactions' },
      where: (row) => row['measure'] === 'contest' && row['machine'] === 'cc-numa',
    },
    {
      title: '16 harts: remote references per critical section, by machine',
      down: ['lock'],
      across: { key: 'machine', show: 'remote' },
      where: (row) =>
        row['measure'] === 'contest' &&
        row['harts'] === 16 &&
        ['smp', 'smp-update', 'cc-numa', 'butterfly', 'ncc-numa'].includes(String(row['machine'])),
    },
    {
      title: '60 of 64 harts compete on the Butterfly: how much slower memory is, in %',
      down: ['lock'],
      show: ['hotNode', 'idleNode'],
      where: (row) => row['measure'] === 'probe',
    },
    {
      title: 'Symmetry: a fixed load, over what the work alone would take',
      down: ['lock'],
      across: { key: 'harts', show: 'overIdeal' },
      where: (row) => row['measure'] === 'elapsed',
    },
  ],
  figures: [
    {
      name: 'contest',
      title: 'Cycles per critical section',
      x: { key: 'harts', label: 'harts', scale: 'log2' },
      y: { key: 'perSection', label: 'cycles per critical section', scale: 'log' },
      series: { key: 'lock', label: 'lock' },
      panelsAcross: 'machine',
      where: (row) =>
        row['measure'] === 'contest' && ['symmetry', 'butterfly', 'cc-numa'].includes(String(row['machine'])),
    },
    {
      name: 'transactions',
      title: 'Transactions per critical section',
      x: { key: 'harts', label: 'harts', scale: 'log2' },
      y: { key: 'transactions', label: 'transactions per critical section', scale: 'log' },
      series: { key: 'lock', label: 'lock' },
      panelsAcross: 'machine',
      where: (row) =>
        row['measure'] === 'contest' && ['symmetry', 'butterfly', 'cc-numa'].includes(String(row['machine'])),
    },
    {
      name: 'load',
      title: 'A fixed load on the Symmetry, over what the work alone would take',
      x: { key: 'harts', label: 'harts', scale: 'linear' },
      y: { key: 'overIdeal', label: 'time / ideal', scale: 'log' },
      series: { key: 'lock', label: 'lock' },
      where: (row) => row['measure'] === 'elapsed',
    },
  ],
};
