/** What is claimed about existence without hierarchy, and how the rows tell. */
import { atLeast, atMost, exactly } from '../framework/band.ts';
import type { Claim, Row } from '../framework/experiment.ts';
import { figure, numberIn, pick } from '../framework/rows.ts';

const K42 = 'K42, COSMgrObject (derived from Tornado)';
const TORNADO = 'Gamsa et al., Tornado, OSDI 1999';
const MOST = 16;

const TWO = { load: 'lifetime', scheme: 'two generations' };
const ONE = { load: 'lifetime', scheme: 'one count' };

const fault = (rows: readonly Row[], scheme: string, harts: number): number =>
  figure(rows, 'perFault', { load: 'faults', scheme, harts });

export const CLAIMS: readonly Claim[] = [
  {
    id: 't6-never-too-early',
    text: 'Nobody who holds a representative finds it freed: how many did, all rows.',
    source: TORNADO,
    paper: { value: 0, tag: 'F' },
    band: exactly(0),
    measured: (rows) => {
      const held = pick(rows, { load: 'lifetime' });
      const holds = held.reduce((sum, row) => sum + numberIn(row, 'holds'), 0);
      return {
        value: held.reduce((sum, row) => sum + numberIn(row, 'touched'), 0),
        note: `of ${holds} uses`,
      };
    },
  },
  {
    id: 't6-two-generations-pass',
    text: 'A destroyed object is freed when two generations have passed on every hart: the most that passed on any, all rows.',
    source: K42,
    paper: { value: 2, tag: 'F' },
    band: atMost(2),
    measured: (rows) => Math.max(...pick(rows, TWO).map((row) => numberIn(row, 'generations'))),
  },
  {
    id: 't7-two-generations-end',
    text: 'With two generations that happens though somebody is always inside: rows in which it did not.',
    source: K42,
    paper: null,
    band: exactly(0),
    measured: (rows) => pick(rows, TWO).filter((row) => numberIn(row, 'freed') === 0).length,
  },
  {
    id: 't7-one-count-starves',
    text: 'One count is never zero then, and the object stays: rows in which it was freed.',
    source: K42,
    paper: null,
    band: exactly(0),
    measured: (rows) => pick(rows, ONE).filter((row) => numberIn(row, 'freed') !== 0).length,
  },
  {
    id: 'nested-locks-serialise',
    text: 'With nested locks the threads of a process fault one after the other: time of a fault with 16 threads / with 1.',
    source: 'CS6210 notes: hierarchical locking kills concurrency',
    paper: null,
    band: atLeast(MOST / 2),
    measured: (rows) => fault(rows, 'hierarchical', MOST) / fault(rows, 'hierarchical', 1),
  },
  {
    id: 'counts-do-not',
    text: 'With counts they do not: time of a fault with nested locks / with counts, 16 threads.',
    source: TORNADO,
    paper: null,
    band: atLeast(2),
    measured: (rows) => {
      const value = fault(rows, 'hierarchical', MOST) / fault(rows, 'existence', MOST);
      const alone = fault(rows, 'existence', MOST) / fault(rows, 'existence', 1);
      return { value, note: `with counts, 16 threads take ${alone.toFixed(2)} times as long as 1` };
    },
  },
];
