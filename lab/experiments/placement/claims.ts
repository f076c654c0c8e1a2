/** What is claimed about the placement of pages, and how the rows tell. */
import { atLeast, atMost } from '../framework/band.ts';
import type { Claim, Finding, Row } from '../framework/experiment.ts';
import { figure, worstMachine } from '../framework/rows.ts';

const MOST = 16;
const BOLOSKY =
  'Bolosky, Fitzgerald & Scott, Simple but effective techniques for NUMA memory management, SOSP 1989 (from memory)';

/** A column of one pattern under one placement, over that under another. */
const ratio = (
  rows: readonly Row[],
  key: string,
  machine: string,
  pattern: string,
  [one, other]: readonly [string, string],
): number =>
  figure(rows, key, { machine, harts: MOST, pattern, placement: one }) /
  figure(rows, key, { machine, harts: MOST, pattern, placement: other });

const worst = (rows: readonly Row[], measure: (machine: string) => number, of = Math.max): Finding =>
  worstMachine(rows, measure, of);

export const CLAIMS: readonly Claim[] = [
  {
    id: 'own',
    text: 'First touch by the worker itself: misses that go to another node, of those that go to memory, the worst machine.',
    source: BOLOSKY,
    paper: null,
    band: atMost(0.2),
    measured: (rows) =>
      worst(rows, (machine) => {
        const where = { machine, harts: MOST, pattern: 'own', placement: 'first-touch' };
        const remote = figure(rows, 'remote', where);
        return remote / (remote + figure(rows, 'local', where));
      }),
  },
  {
    id: 'migration',
    text: 'Memory that one process has filled and others use: remote misses with migration / with first touch, the worst machine.',
    source: BOLOSKY,
    paper: null,
    band: atMost(0.5),
    measured: (rows) =>
      worst(rows, (machine) => ratio(rows, 'remote', machine, 'private', ['migrate', 'first-touch'])),
  },
  {
    id: 'replication',
    text: 'Memory that all only read: remote misses with replication / with first touch, the worst machine.',
    source: BOLOSKY,
    paper: null,
    band: atMost(0.5),
    measured: (rows) =>
      worst(rows, (machine) => ratio(rows, 'remote', machine, 'shared-read', ['replicate', 'first-touch'])),
  },
  {
    id: 'interleave',
    text: 'Pages that all use: cycles when they are interleaved / when they lie on one node, the worst machine.',
    source: 'textbook',
    paper: null,
    band: atMost(1),
    measured: (rows) =>
      worst(rows, (machine) => ratio(rows, 'perLine', machine, 'shared-write', ['interleave', 'bind'])),
  },
  {
    id: 'no-cure',
    text: 'Pages that go from writer to writer: remote misses with migration / interleaved, the least machine.',
    source: BOLOSKY,
    paper: null,
    band: atLeast(0.8),
    measured: (rows) =>
      worst(
        rows,
        (machine) => ratio(rows, 'remote', machine, 'shared-write', ['migrate', 'interleave']),
        Math.min,
      ),
  },
];
