/** What Anderson says about spin locks. */
import { atLeast, above, between, exactly } from '../framework/band.ts';
import type { Claim, Row } from '../framework/experiment.ts';
import { figure, type Where } from '../framework/rows.ts';
import { fitLine } from '../synchronization/fit.ts';
import { bestFrom, curve, listed } from './curves.ts';

const A90 = 'Anderson, TPDS 1990';
const NOTES = `${A90}, as reported by notes on the paper`;
const LOAD: Where = { measure: 'elapsed', machine: 'symmetry' };

/** Time of a fixed load over the ideal, by harts. */
const overIdeal = (rows: readonly Row[], lock: string, least = 1) =>
  curve(rows, 'overIdeal', { ...LOAD, lock }, least);

const quiet = (rows: readonly Row[]) =>
  curve(rows, 'quiesce', { measure: 'release', machine: 'symmetry', lock: 'spin-on-read' }).map(
    ({ x, y }) => ({
      x: x - 1,
      y,
    }),
  );

/** A remark: what both put on the bus, if a contest of 20 harts was measured, too. */
function sections(rows: readonly Row[]): string {
  const of = (lock: string): number | undefined => {
    const found = rows.find(
      (row) =>
        row['measure'] === 'contest' &&
        row['machine'] === 'symmetry' &&
        row['lock'] === lock &&
        row['harts'] === 20,
    );
    return found === undefined ? undefined : Number(found['transactions']);
  };
  const [read, set] = [of('spin-on-read'), of('test-and-set')];
  if (read === undefined || set === undefined) return '';
  return `; transactions per section without pauses, 20 harts: ${read.toFixed(1)} / ${set.toFixed(1)}`;
}

export const ANDERSON_CLAIMS: readonly Claim[] = [
  {
    id: 'A1',
    text: 'Spinning on test-and-set is far from ideal: time / ideal at 16 and 20 harts, the lesser.',
    source: NOTES,
    paper: { value: 'worst of all', tag: 'F2' },
    band: atLeast(2),
    measured: (rows) => Math.min(...overIdeal(rows, 'test-and-set', 16).map(({ y }) => y)),
  },
  {
    id: 'A1-increasing',
    text: 'And it gets worse with every hart: how often time / ideal falls, from 4 harts on.',
    source: NOTES,
    paper: null,
    band: exactly(0),
    measured: (rows) => {
      const points = overIdeal(rows, 'test-and-set', 4);
      return {
        value: points.filter(({ y }, index) => y < (points[index - 1]?.y ?? 0)).length,
        note: listed(points.map(({ x, y }) => [`${x}:`, y])),
      };
    },
  },
  {
    id: 'A2',
    text: 'Spinning on read lies between the ideal and test-and-set: numbers of harts from 4 on where it does not.',
    source: NOTES,
    paper: { value: 'better, but far from ideal', tag: 'F2' },
    band: exactly(0),
    measured: (rows) => {
      const reads = overIdeal(rows, 'spin-on-read', 4);
      const sets = overIdeal(rows, 'test-and-set', 4);
      const out = reads.filter(({ y }, index) => y < 1 || y > (sets[index]?.y ?? 0));
      return {
        value: out.length,
        note: `read / set: ${reads.map(({ x, y }, index) => `${x}: ${y.toFixed(2)} / ${(sets[index]?.y ?? 0).toFixed(2)}`).join(', ')}${sections(rows)}`,
      };
    },
  },
  {
    id: 'A3',
    text: 'After a release the bus is busy for a time that is linear in the waiters (spin on read): R² of a line.',
    source: A90,
    paper: { value: 'about linear', tag: 'F2' },
    band: atLeast(0.95),
    measured: (rows) => ({
      value: fitLine(quiet(rows)).rSquared,
      note: `cycles: ${listed(quiet(rows).map(({ x, y }) => [`${x}:`, y]))}`,
    }),
  },
  {
    id: 'A3-slope',
    text: 'The same: cycles for each further waiter.',
    source: A90,
    paper: null,
    band: above(0),
    measured: (rows) => fitLine(quiet(rows)).slope,
  },
  {
    id: 'A4',
    text: 'With many harts the queue has the least overhead of Anderson’s alternatives: from so many on.',
    source: NOTES,
    paper: { value: 7, tag: 'F2' },
    band: between(4, 9),
    measured: (rows) =>
      bestFrom(rows, 'overhead', LOAD, 'anderson', [
        'test-and-set',
        'spin-on-read',
        'static-delay',
        'linear-backoff',
        'exponential-backoff',
      ]),
  },
  {
    id: 'A5',
    text: 'Without competition the queue is slower: Anderson / test-and-set, acquire and release by one hart, Symmetry.',
    source: A90,
    paper: { value: 'queue slower', tag: 'F2' },
    band: between(1.2, 3),
    measured: (rows) => {
      const at = (lock: string): number =>
        figure(rows, 'latency', { measure: 'contest', machine: 'symmetry', lock, harts: 1 });
      return at('anderson') / at('test-and-set');
    },
  },
  {
    id: 'A6',
    text: 'A waiter that loses its processor holds up a queue, and nobody at a test-and-set lock: sections of the other 7 harts in 20,000 cycles, test-and-set / the most of Anderson and MCS.',
    source: NOTES,
    paper: { value: 'all behind it are blocked', tag: 'F2' },
    band: atLeast(10),
    measured: (rows) => {
      const locks = ['test-and-set', 'spin-on-read', 'ticket', 'anderson', 'mcs', 'clh'];
      const found = locks.map(
        (lock) =>
          [lock, figure(rows, 'meanwhile', { measure: 'stalled', machine: 'symmetry', lock })] as const,
      );
      const of = (lock: string): number => found.find(([name]) => name === lock)?.[1] ?? 0;
      return { value: of('test-and-set') / Math.max(1, of('anderson'), of('mcs')), note: listed(found) };
    },
  },
];
