/**
 * The experiment `cache-aware`: which 16 of 32 threads run together on the notes' machine, four cores of four harts. It
 * measures the rule, with real caches and without a kernel: who runs is chosen here, at no cost.
 */
import { atLeast, between } from '../framework/band.ts';
import type { Claim, Experiment, Row } from '../framework/experiment.ts';
import { figure } from '../framework/rows.ts';
import { measureChoice } from './co-schedule.ts';

const NOTES = 'CS6210 notes, Scheduling: Cache Aware Scheduling';
const FEDOROVA = 'Fedorova et al., USENIX 2005';
const SMALL = 64;
const LARGE = 256;

/** By how much the rule differs from choosing at random, in percent. */
const gain = (rows: readonly Row[], key: string, llc: number): number =>
  100 * (figure(rows, key, { choice: 'sum-rule', llc }) / figure(rows, key, { choice: 'random', llc }) - 1);

/** And what becomes of the hungry threads, which get fewer turns. */
const withHungry = (rows: readonly Row[], llc: number) => ({
  value: gain(rows, 'ipc', llc),
  note: `progress of hungry threads ${gain(rows, 'hungry', llc).toFixed(0)} %; the pipelines are busy ${(100 * figure(rows, 'pipeline', { choice: 'random', llc })).toFixed(0)} % of the time if threads are chosen at random, so that there is little to be had`,
});

const CLAIMS: readonly Claim[] = [
  {
    id: 'G4-llc-sum-rule',
    text: 'Sum of footprints within the last-level cache: its misses for each instruction, in percent fewer than with threads chosen at random, the worse of two sizes.',
    source: NOTES,
    paper: null,
    band: atLeast(15),
    measured: (rows) => Math.min(-gain(rows, 'misses', SMALL), -gain(rows, 'misses', LARGE)),
  },
  {
    id: 'Q5-miss-ratio',
    text: `Balance sets: miss ratio of the last-level cache, in percent less, ${LARGE} KiB (384 in the paper).`,
    source: FEDOROVA,
    paper: { value: '25–37 %', tag: 'F' },
    band: between(25, 37),
    measured: (rows) => -gain(rows, 'missRatio', LARGE),
  },
  {
    id: 'Q5-ipc-small',
    text: `Instructions in a cycle of a core, in percent more, last-level cache of ${SMALL} KiB (48 in the paper).`,
    source: FEDOROVA,
    paper: { value: '45 %', tag: 'F2' },
    band: between(30, 60),
    measured: (rows) => withHungry(rows, SMALL),
  },
  {
    id: 'Q5-ipc-large',
    text: `The same with ${LARGE} KiB (384 in the paper).`,
    source: FEDOROVA,
    paper: { value: '27 %', tag: 'F2' },
    band: between(15, 40),
    measured: (rows) => withHungry(rows, LARGE),
  },
];

export const cacheAware: Experiment = {
  id: 'cache-aware',
  summary: 'Cache-hungry and cache-frugal threads on 4 cores of 4 harts: who runs together.',
  question:
    'Of 32 threads, of which half need much of the last-level cache, 16 run at a time. What is gained by choosing them so ' +
    'that their footprints fit together?',
  sources: ['CS6210 notes, Scheduling', 'Fedorova, Seltzer, Small & Nussbaum, USENIX 2005'],
  factors: {
    choice: {
      summary: 'who runs: any 16, or the least advanced ones as long as the sum of footprints fits',
      values: ['random', 'sum-rule'],
      quick: ['random', 'sum-rule'],
    },
    llc: {
      summary: 'KiB of the last-level cache; a hungry thread needs 3/16 of it',
      values: [SMALL, 128, LARGE],
      quick: [SMALL],
      range: { min: 32, max: 2048 },
    },
  },
  parameters: {
    rounds: { summary: 'how often 16 are chosen', default: 24, quick: 12, min: 4, max: 10_000 },
    quantum: {
      summary: 'cycles until 16 are chosen again',
      default: 400_000,
      quick: 50_000,
      min: 1000,
      max: 1 << 28,
    },
  },
  chooses: ['nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode', 'l1', 'llc'],
  columns: [
    { key: 'choice', summary: 'how threads are chosen' },
    { key: 'llc', summary: 'last-level cache', unit: 'KiB' },
    { key: 'ipc', summary: 'instructions in a cycle of a core', digits: 3 },
    { key: 'misses', summary: 'misses of the last-level cache for a thousand instructions', digits: 1 },
    { key: 'missRatio', summary: 'the same / look-ups', digits: 3 },
    { key: 'pipeline', summary: 'share of the time in which a core’s pipeline is busy', digits: 2 },
    { key: 'hungry', summary: 'accesses of a hungry thread in a million cycles', digits: 0 },
  ],
  measure: measureChoice,
  claims: CLAIMS,
  tables: [
    {
      title: 'Instructions in a cycle of a core, by the last-level cache',
      down: ['choice'],
      across: { key: 'llc', show: 'ipc' },
    },
    {
      title: 'Accesses of a hungry thread in a million cycles',
      down: ['choice'],
      across: { key: 'llc', show: 'hungry' },
    },
    {
      title: 'Miss ratio of the last-level cache',
      down: ['choice'],
      across: { key: 'llc', show: 'missRatio' },
    },
  ],
  figures: [
    {
      name: 'ipc',
      title: 'Instructions in a cycle of a core',
      x: { key: 'llc', label: 'last-level cache, KiB', scale: 'log2' },
      y: { key: 'ipc', label: 'instructions in a cycle', scale: 'linear' },
      series: { key: 'choice', label: 'threads chosen' },
    },
  ],
};
