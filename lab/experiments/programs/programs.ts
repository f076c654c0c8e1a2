/** The experiment `programs`: how the parallel programs scale on each machine, with which lock and barrier. */
import type { Cell, Experiment, Settings } from '../framework/experiment.ts';
import { MACHINES } from '../synchronization/machines.ts';
import { CLAIMS } from './claims.ts';
import { measureProgram, PROGRAM_NAMES } from './measure.ts';

const HARTS = [1, 2, 4, 8, 16, 32, 64];
const LOCKS = ['mcs', 'test-and-set', 'exponential-backoff', 'ticket', 'anderson', 'futex-mutex'];
const BARRIERS = ['sense-reversing', 'dissemination', 'tournament', 'mcs-tree'];

/** Machines and numbers of harts that are measured unless all are asked for. */
const USUAL: Readonly<Record<string, readonly number[]>> = {
  symmetry: [1, 4, 16],
  butterfly: [1, 4, 16, 64],
  smp: [1, 4, 16, 64],
  'cc-numa': [1, 4, 16, 64],
  'dance-hall': [1, 4, 16, 64],
  'ncc-numa': [1, 4, 16, 64],
};

/** Another lock or barrier than the usual one: with many harts, in a program that uses it much. */
const isOfInterest = ({ program, machine, lock, barrier, harts }: Cell): boolean => {
  if (USUAL[machine as string]?.at(-1) !== harts) return false;
  if (barrier === 'sense-reversing') return lock === 'test-and-set' && program === 'bnb';
  return lock === 'mcs' && barrier === 'dissemination' && program === 'sor';
};

/** The usual kinds, or those that were asked for, with usual numbers of harts, or others that were asked for. */
function includes(cell: Cell, { parameters, factors }: Settings): boolean {
  if (parameters['all'] === 1) return true;
  const { machine, lock, barrier, harts } = cell;
  const isKind = lock === 'mcs' || (factors['lock']?.length ?? 0) < LOCKS.length;
  const isBarrier = barrier === 'sense-reversing' || (factors['barrier']?.length ?? 0) < BARRIERS.length;
  const isNumber =
    !HARTS.includes(harts as number) || (USUAL[machine as string]?.includes(harts as number) ?? false);
  return (isKind && isBarrier && isNumber) || isOfInterest(cell);
}

export const programs: Experiment = {
  id: 'programs',
  summary: 'Parallel programs under the kernel: what they gain from more harts, on each machine.',
  question:
    'How much quicker do real programs get with more processors, on which machine, and does it matter which lock and barrier they use?',
  sources: ['Ramachandran, CS6210 notes: Shared Memory Systems; Synchronization'],
  factors: {
    machine: { summary: 'preset, and protocol', values: MACHINES, quick: ['smp', 'cc-numa'] },
    program: { summary: 'what runs', values: PROGRAM_NAMES, quick: PROGRAM_NAMES },
    lock: { summary: 'kind of lock', values: LOCKS, quick: ['mcs'] },
    barrier: { summary: 'kind of barrier', values: BARRIERS, quick: ['sense-reversing'] },
    harts: { summary: 'number of harts', values: HARTS, quick: [1, 4], range: { min: 1, max: 1024 } },
  },
  parameters: {
    scale: { summary: 'how much there is to do', default: 2, quick: 1, min: 1, max: 4 },
    all: { summary: '1: also the cells that are left out usually', default: 0, quick: 0, min: 0, max: 1 },
  },
  chooses: ['coherence', 'memorySystem', 'nodes', 'coresPerNode', 'memoryPerNode'],
  includes,
  columns: [
    { key: 'machine', summary: 'preset, and protocol' },
    { key: 'program', summary: 'what ran' },
    { key: 'lock', summary: 'kind of lock' },
    { key: 'barrier', summary: 'kind of barrier' },
    { key: 'harts', summary: 'number of harts, a thread on each' },
    { key: 'cycles', summary: 'from the meeting before the work to the one after it', unit: 'cycles' },
    { key: 'speedup', summary: 'what one hart takes, over that', digits: 2 },
    { key: 'overhead', summary: 'time of all harts beyond what one takes', unit: 'cycles' },
    { key: 'right', summary: 'whether the program found its answer right' },
  ],
  measure: measureProgram,
  claims: CLAIMS,
  tables: [
    {
      title: 'Speedup, by the number of harts (mcs, sense-reversing)',
      down: ['machine', 'program'],
      across: { key: 'harts', show: 'speedup' },
      where: (row) => row['lock'] === 'mcs' && row['barrier'] === 'sense-reversing',
    },
  ],
  figures: [
    {
      name: 'speedup',
      title: 'Speedup of parallel programs',
      x: { key: 'harts', label: 'harts', scale: 'log2' },
      y: { key: 'speedup', label: 'speedup', scale: 'log' },
      series: { key: 'program', label: 'program' },
      panelsAcross: 'machine',
      where: (row) => row['lock'] === 'mcs' && row['barrier'] === 'sense-reversing',
    },
  ],
};
