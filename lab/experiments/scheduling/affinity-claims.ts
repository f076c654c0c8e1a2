/** What the literature says of affinity scheduling, and how the rows tell. */
import { above, atLeast, between } from '../framework/band.ts';
import type { Claim, Row } from '../framework/experiment.ts';
import { figure, numberIn, pick, type Where } from '../framework/rows.ts';

const SQUILLANTE = 'Squillante & Lazowska, TPDS 1993';
const MODEL = `${SQUILLANTE}; the bands are of a model after it (R/D = 1)`;
const TORRELLAS = 'Torrellas, Tucker & Gupta, JPDC 1995';
/** KiB at which a cold cache costs as much as the computation. */
const EQUAL = 8;
const MANY = 64;
/** About as many threads as harts, and a footprint that costs a tenth of the computation. */
const LIGHT = { tasks: 12, footprint: 1 };

const ratio = (
  rows: readonly Row[],
  key: string,
  one: Readonly<Record<string, string | number>>,
  other: Readonly<Record<string, string | number>>,
): number =>
  figure(rows, key, { footprint: EQUAL, ...one }) / figure(rows, key, { footprint: EQUAL, ...other });

/** With many threads every hart has always work: what is not utilised is the dispatcher's time, and its waiting for locks. */
const busy = (rows: readonly Row[], ...policies: readonly string[]): string =>
  `share of the time in which threads run: ${policies
    .map(
      (policy) =>
        `${policy} ${figure(rows, 'utilisation', { footprint: EQUAL, ...many(policy) }).toFixed(2)}`,
    )
    .join(', ')}`;

const many = (policy: string) => ({ policy, tasks: MANY });

export const CLAIMS: readonly Claim[] = [
  {
    id: 'Q1-fixed-beats-fcfs',
    text: 'Many threads: a fixed processor gets more done than FCFS. Throughput FP / FCFS, 64 threads.',
    source: MODEL,
    paper: { value: 'FP best, FCFS worst', tag: 'M' },
    band: between(1.1, 1.8),
    measured: (rows) => ratio(rows, 'throughput', many('fixed-processor'), many('fcfs')),
  },
  {
    id: 'Q1-queues-like-fixed',
    text: 'Many threads: minimum intervening plus queue comes within 5 % of a fixed processor. Throughput, 64 threads.',
    source: MODEL,
    paper: { value: 'about equal', tag: 'F2' },
    band: between(0.95, 1.05),
    measured: (rows) => ({
      value: ratio(rows, 'throughput', many('minimum-intervening-plus-queue'), many('fixed-processor')),
      note: busy(rows, 'minimum-intervening-plus-queue', 'fixed-processor'),
    }),
  },
  {
    id: 'Q1-fixed-beats-intervening',
    text: 'Many threads: and both beat minimum intervening and last processor. The smaller of their throughputs / the larger of these, 64 threads.',
    source: MODEL,
    paper: { value: 'FP ≥ LMIR ≥ MI, LP', tag: 'M' },
    band: atLeast(1),
    measured: (rows) => {
      const of = (policy: string): number =>
        figure(rows, 'throughput', { footprint: EQUAL, ...many(policy) });
      const [fp, queue] = [of('fixed-processor'), of('minimum-intervening-plus-queue')];
      const [mi, lp] = [of('minimum-intervening'), of('last-processor')];
      const deviation = (policy: string): string =>
        figure(rows, 'deviation', { footprint: EQUAL, ...many(policy) }).toFixed(0);
      return {
        value: Math.min(fp, queue) / Math.max(mi, lp),
        note: `deviation of the response time: FP ${deviation('fixed-processor')}, MI ${deviation('minimum-intervening')} cycles`,
      };
    },
  },
  {
    id: 'Q1-fcfs-is-worst',
    text: 'Many threads, and a reload as long as the computation: FCFS is worst. Throughput of the next worse / of FCFS, 64 threads.',
    source: MODEL,
    paper: { value: 'worst', tag: 'M' },
    band: above(1),
    measured: (rows) => {
      const others = [
        'last-processor',
        'minimum-intervening',
        'minimum-intervening-plus-queue',
        'fixed-processor',
      ];
      const gains = others.map((policy) => ratio(rows, 'throughput', many(policy), many('fcfs')));
      return { value: Math.min(...gains), note: busy(rows, 'fcfs', ...others.slice(0, 2)) };
    },
  },
  ...['minimum-intervening', 'minimum-intervening-plus-queue'].map(
    (policy): Claim => ({
      id: policy === 'minimum-intervening' ? 'Q2-intervening' : 'Q2-queue',
      text: `About as many threads as harts: with a fixed processor some harts are idle beside queued threads. Response FP / ${policy}, ${LIGHT.tasks} threads, ${LIGHT.footprint} KiB.`,
      source: MODEL,
      paper: { value: 'FP bad at light load', tag: 'M' },
      band: atLeast(1.15),
      measured: (rows) =>
        ratio(rows, 'response', { ...LIGHT, policy: 'fixed-processor' }, { ...LIGHT, policy }),
    }),
  ),
  {
    id: 'Q3-few-are-enough',
    text: '“Only a small amount of affinity information needs to be maintained”: throughput of limited minimum intervening / with all processors remembered, the one of 16 and 64 threads that differs most.',
    source: SQUILLANTE,
    paper: { value: 'only a small amount', tag: 'F' },
    band: between(0.97, 1.03),
    measured: (rows) => {
      const ratios = [16, MANY].map((tasks) =>
        ratio(
          rows,
          'throughput',
          { policy: 'limited-minimum-intervening', tasks },
          { policy: 'minimum-intervening', tasks },
        ),
      );
      return {
        value: ratios.reduce((worst, next) => (Math.abs(next - 1) > Math.abs(worst - 1) ? next : worst)),
        note: `16 threads ${ratios[0]?.toFixed(2)}, ${MANY} threads ${ratios[1]?.toFixed(2)}; ${busy(rows, 'limited-minimum-intervening', 'minimum-intervening')}`,
      };
    },
  },
  {
    id: 'Q4-misses',
    text: 'Affinity saves cache misses: misses of a job, with minimum intervening / with FCFS, 16 threads, in percent less.',
    source: TORRELLAS,
    paper: { value: '7–36 %', tag: 'F' },
    band: between(7, 36),
    measured: (rows) => {
      const at = (policy: string) => ({ policy, tasks: 16 });
      return 100 * (1 - ratio(rows, 'misses', at('minimum-intervening'), at('fcfs')));
    },
  },
  {
    id: 'Q4-time',
    text: 'And time: cycles for each job that is done, with minimum intervening / with FCFS, 16 threads, in percent less.',
    source: TORRELLAS,
    paper: { value: 'up to 10 %', tag: 'F' },
    band: between(0, 10),
    measured: (rows) => {
      const at = (policy: string) => ({ policy, tasks: 16 });
      return 100 * (1 - ratio(rows, 'throughput', at('fcfs'), at('minimum-intervening')));
    },
  },
  {
    id: 'load-decides',
    text: '“A policy that adapts its behaviour to changes in system load” is wanted: how many policies are best, once by response with 12 threads of 1 KiB, once by throughput with 64 of 8 KiB.',
    source: SQUILLANTE,
    paper: { value: 'importance of adapting', tag: 'F' },
    band: atLeast(2),
    measured: (rows) => {
      const light = bestOf(rows, LIGHT, (row) => -numberIn(row, 'response'));
      const heavy = bestOf(rows, { tasks: MANY, footprint: EQUAL }, (row) => numberIn(row, 'throughput'));
      return { value: new Set([light, heavy]).size, note: `${light}, ${heavy}` };
    },
  },
];

function bestOf(rows: readonly Row[], where: Where, merit: (row: Row) => number): string {
  const best = pick(rows, where).reduce((most, row) => (merit(row) > merit(most) ? row : most));
  return String(best['policy']);
}
