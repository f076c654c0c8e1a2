/** What is claimed about coherence, and how the rows tell. Bands are ours: no paper gives a figure for them. */
import { above, atLeast, atMost, exactly } from '../framework/band.ts';
import type { Claim, Row } from '../framework/experiment.ts';
import { figure, largest, numberIn, pick, smallest, type Where } from '../framework/rows.ts';

const NOTES = 'CS6210 notes, Shared Memory Machines';
const ARCHIBALD = 'Archibald & Baer, TOCS 1986';
const BUS: Where = { machine: 'smp' };
const LINE = 64;

/** One value with the most harts of the sweep. */
const atMostHarts = (rows: readonly Row[], key: string, where: Where): number =>
  figure(rows, key, { ...where, harts: largest(rows, 'harts') });

/** How many times as much time the protocol `slow` takes as `fast`. */
const ratio = (rows: readonly Row[], slow: string, fast: string, where: Where, key = 'cycles'): number =>
  atMostHarts(rows, key, { ...where, protocol: slow }) / atMostHarts(rows, key, { ...where, protocol: fast });

const sum = (rows: readonly Row[], key: string): number =>
  rows.reduce((total, row) => total + numberIn(row, key), 0);

export const CLAIMS: readonly Claim[] = [
  {
    id: 'invalidate-is-coherent',
    text: 'Hardware that invalidates never lets a stale value be read: words that were wrong, in all patterns.',
    source: NOTES,
    paper: null,
    band: exactly(0),
    measured: (rows) => sum(pick(rows, { protocol: 'invalidate' }), 'wrong'),
  },
  {
    id: 'update-is-coherent',
    text: 'Hardware that updates never lets a stale value be read: words that were wrong, in all patterns.',
    source: NOTES,
    paper: null,
    band: exactly(0),
    measured: (rows) => sum(pick(rows, { protocol: 'update' }), 'wrong'),
  },
  {
    id: 'update-for-producers',
    text: 'Where one writes and the others read, update beats invalidate: time of invalidate / update on the bus, shortest lines, most harts.',
    source: ARCHIBALD,
    paper: null,
    band: above(1),
    measured: (rows) =>
      ratio(rows, 'invalidate', 'update', {
        ...BUS,
        pattern: 'producer-consumer',
        line: smallest(rows, 'line'),
      }),
  },
  {
    id: 'invalidate-for-migration',
    text: 'Where data goes from one to the next, update sends words to those who are done with it: transactions of update / invalidate on the bus, 64-byte lines, most harts.',
    source: ARCHIBALD,
    paper: null,
    band: atLeast(2),
    measured: (rows) =>
      ratio(rows, 'update', 'invalidate', { ...BUS, pattern: 'migratory', line: LINE }, 'transactions'),
  },
  {
    id: 'long-lines-favour-invalidate',
    text: 'A longer line carries more words per miss, but an update carries one: how much larger time(update)/time(invalidate) of producer-consumer on the bus is with the longest lines than with the shortest.',
    source: ARCHIBALD,
    paper: null,
    band: above(1),
    measured: (rows) => {
      const at = (line: number): number =>
        ratio(rows, 'update', 'invalidate', { ...BUS, pattern: 'producer-consumer', line });
      return at(largest(rows, 'line')) / at(smallest(rows, 'line'));
    },
  },
  {
    id: 'false-sharing-costs',
    text: 'Sharing a line is as dear as sharing a word: time with words side by side / each in its own line, invalidate, 64-byte lines, most harts.',
    source: 'Gupta & Weber, 1992',
    paper: null,
    band: atLeast(5),
    measured: (rows) => {
      const at = (pattern: string): number =>
        atMostHarts(rows, 'cycles', { ...BUS, protocol: 'invalidate', line: LINE, pattern });
      return at('false-sharing') / at('padded');
    },
  },
  {
    id: 'long-lines-share-falsely',
    text: 'The longer the line, the more of it is shared falsely: time with the longest lines / the shortest on cc-numa, invalidate, most harts.',
    source: 'Gupta & Weber, 1992',
    paper: null,
    band: atLeast(1.5),
    measured: (rows) => {
      const where = { machine: 'cc-numa', protocol: 'invalidate', pattern: 'false-sharing' };
      const at = (line: number): number => atMostHarts(rows, 'cycles', { ...where, line });
      return at(largest(rows, 'line')) / at(smallest(rows, 'line'));
    },
  },
  {
    id: 'padding-is-free-of-coherence',
    text: 'What is not shared costs no coherence: copies that were destroyed or updated with each word in its own line.',
    source: NOTES,
    paper: null,
    band: exactly(0),
    measured: (rows) => {
      const padded = pick(rows, { pattern: 'padded', protocol: 'invalidate' });
      return sum(padded, 'invalidations') + sum(padded, 'updates');
    },
  },
  {
    id: 'overhead-grows',
    text: 'The overhead of coherence grows with the number of processors: transactions for the same buffers of producer-consumer with 16 harts / with 2, invalidate, 64-byte lines.',
    source: NOTES,
    paper: null,
    band: atLeast(4),
    measured: (rows) => {
      const where = { ...BUS, protocol: 'invalidate', pattern: 'producer-consumer', line: LINE };
      const at = (harts: number): number => figure(rows, 'transactions', { ...where, harts });
      return at(16) / at(2);
    },
  },
  {
    id: 'caches-serve-readers',
    text: 'Coherent caches serve data that is mostly read: misses per access with invalidate, 64-byte lines, most harts.',
    source: NOTES,
    paper: null,
    band: atMost(0.15),
    measured: (rows) => missesPerAccess(rows, 'smp', 'invalidate'),
  },
  {
    id: 'software-reads-memory',
    text: 'Without coherence a careful reader must drop its copy before each read: misses per access, 64-byte lines, most harts.',
    source: NOTES,
    paper: null,
    band: atLeast(0.9),
    measured: (rows) => missesPerAccess(rows, 'ncc-numa', 'none'),
  },
  {
    id: 'software-cannot-share-lines',
    text: 'Without coherence, false sharing is not slow but wrong: of the words that harts counted in side by side, so many end with a wrong count.',
    source: NOTES,
    paper: null,
    band: atLeast(1),
    measured: (rows) =>
      atMostHarts(rows, 'wrong', { protocol: 'none', pattern: 'false-sharing', line: LINE }),
  },
  {
    id: 'software-can-be-coherent',
    text: 'With flush and invalidate in the right places software keeps shared data right: words that were wrong in all patterns but false sharing.',
    source: NOTES,
    paper: null,
    band: exactly(0),
    measured: (rows) =>
      sum(
        pick(rows, {
          protocol: 'none',
          pattern: ['read-mostly', 'migratory', 'producer-consumer', 'padded'],
        }),
        'wrong',
      ),
  },
];

function missesPerAccess(rows: readonly Row[], machine: string, protocol: string): number {
  const where = { machine, protocol, pattern: 'read-mostly', line: LINE };
  return atMostHarts(rows, 'misses', where) / atMostHarts(rows, 'accesses', where);
}
