/** What the notes say of multithreaded cores, and how the rows tell. They give no figures: bands are ours. */
import { atLeast, atMost, between } from '../framework/band.ts';
import type { Claim } from '../framework/experiment.ts';
import { figure, numberIn, pick } from '../framework/rows.ts';

const NOTES = 'CS6210 notes, cache affinity and multicore';
/** A set of which eight fit the first level. */
const SMALL_SET = 1;
/** A set of which eight are twice the first level. */
const LARGE_SET = 8;

export const CLAIMS: readonly Claim[] = [
  {
    id: 'misses-are-hidden',
    text: 'A core switches to another hart when one waits for memory: speed-up by 4 harts where half of the accesses miss.',
    source: NOTES,
    paper: null,
    band: atLeast(3),
    measured: (rows) => figure(rows, 'speedup', { harts: 4, missing: 50, set: SMALL_SET }),
  },
  {
    id: 'computation-is-not',
    text: 'Harts of a core share one pipeline: speed-up by 8 harts that never miss.',
    source: NOTES,
    paper: null,
    band: atMost(1.15),
    measured: (rows) => figure(rows, 'speedup', { harts: 8, missing: 0, set: SMALL_SET }),
  },
  {
    id: 'idle-pipeline',
    text: 'A hart alone leaves the pipeline idle most of the time: its utilisation where half of the accesses miss.',
    source: 'SIGOPS EW 2004: as low as 19 %, of a processor of their own',
    paper: { value: 0.19, tag: 'F' },
    band: atMost(0.5),
    measured: (rows) => figure(rows, 'utilisation', { harts: 1, missing: 50, set: SMALL_SET }),
  },
  {
    id: 'law',
    text: 'The speed-up is the number of harts until the pipeline is full: the row farthest from that, measured / law.',
    source: 'our own arithmetic',
    paper: null,
    band: between(0.75, 1.05),
    measured: (rows) => {
      const ratios = pick(rows, { set: SMALL_SET }).map((row) => ({
        value: numberIn(row, 'speedup') / numberIn(row, 'law'),
        note: `${numberIn(row, 'harts')} harts, ${numberIn(row, 'missing')} % misses`,
      }));
      const far = ({ value }: { readonly value: number }): number => Math.abs(Math.log(value));
      return ratios.reduce((worst, next) => (far(next) > far(worst) ? next : worst));
    },
  },
  {
    id: 'cache-is-shared',
    text: 'They share the first-level cache, too: misses per hundred accesses with 8 harts / with 1, whose sets do not fit together.',
    source: NOTES,
    paper: null,
    band: atLeast(3),
    measured: (rows) =>
      figure(rows, 'misses', { harts: 8, missing: 5, set: LARGE_SET }) /
      figure(rows, 'misses', { harts: 1, missing: 5, set: LARGE_SET }),
  },
];
