/** What the notes say of programs on parallel machines, and how the rows tell. Laid down before anything was measured. */
import { atLeast, exactly } from '../framework/band.ts';
import type { Claim, Finding, Row } from '../framework/experiment.ts';
import { figure, numberIn, pick, valuesOf } from '../framework/rows.ts';

const NOTES = 'CS6210 notes, Shared Memory Systems: Scalability';
const SYNCHRONIZATION = 'CS6210 notes, Synchronization';
const USUAL = { lock: 'mcs', barrier: 'sense-reversing' };

/** A program on a machine, with the rows of its numbers of harts, the fewest first. */
interface Curve {
  readonly name: string;
  readonly rows: readonly Row[];
}

function curves(rows: readonly Row[]): readonly Curve[] {
  const usual = pick(rows, USUAL);
  return valuesOf(usual, 'machine').flatMap((machine) =>
    valuesOf(usual, 'program').map((program) => ({
      name: `${String(program)} on ${String(machine)}`,
      rows: pick(usual, { machine, program }).toSorted(
        (one, other) => numberIn(one, 'harts') - numberIn(other, 'harts'),
      ),
    })),
  );
}

/** How many curves have a step, from one number of harts to the next, that is not as claimed. */
function broken(rows: readonly Row[], isBroken: (before: Row, after: Row) => boolean): Finding {
  const found = curves(rows).flatMap(({ name, rows: points }) => {
    const at = points.find((row, index) => index > 0 && isBroken(points[index - 1] as Row, row));
    return at === undefined ? [] : [`${name} (${String(at['harts'])})`];
  });
  return found.length === 0 ? { value: 0 } : { value: found.length, note: found.join(', ') };
}

const speedup = (rows: readonly Row[], machine: string, program: string, harts = 64): number =>
  figure(rows, 'speedup', { ...USUAL, machine, program, harts });

/** How much longer a program takes with one kind than with another. */
const slower = (
  rows: readonly Row[],
  where: { readonly machine: string; readonly program: string; readonly harts: number },
  kind: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): Finding => {
  const one = figure(rows, 'cycles', { ...USUAL, ...where, ...kind });
  const two = figure(rows, 'cycles', { ...USUAL, ...where, ...other });
  return { value: one / two, note: `${one} and ${two} cycles` };
};

/** Of these each member writes to what is its own, but for a sum or the number of the next piece. */
const APART = ['sor', 'matmul'];
/** In these all write to one queue, or to buckets of all. */
const TOGETHER = ['bnb', 'hashtable'];

export const CLAIMS: readonly Claim[] = [
  {
    id: 'right',
    text: 'Every program finds its answer right: runs in which one did not.',
    source: NOTES,
    paper: null,
    band: exactly(0),
    measured: (rows) => pick(rows, USUAL).filter((row) => row['right'] !== true).length,
  },
  {
    id: 'performance-increases',
    text: '“Expectation is that performance should increase with more processors”: programs and machines for which four harts are not quicker than one.',
    source: NOTES,
    paper: { value: 'increases', tag: 'F' },
    band: exactly(0),
    measured: (rows) =>
      broken(
        rows.filter((row) => [1, 4].includes(Number(row['harts']))),
        (before, after) => numberIn(after, 'cycles') >= numberIn(before, 'cycles'),
      ),
  },
  {
    id: 'overhead-increases',
    text: '“However, synchronization overhead increases with number of processors as well”: programs and machines for which the time of all harts beyond that of one falls somewhere (in brackets: at so many harts).',
    source: NOTES,
    paper: { value: 'increases', tag: 'F' },
    band: exactly(0),
    measured: (rows) =>
      broken(rows, (before, after) => numberIn(after, 'overhead') < numberIn(before, 'overhead')),
  },
  {
    id: 'scales-without-sharing',
    text: '“Shared memory machines scale well when you don’t share memory” (Thacker): the least speedup of those programs that write what is their own, over the greatest of those that write what all write, cc-numa, 64 harts.',
    source: NOTES,
    paper: { value: 'scale well', tag: 'F' },
    band: atLeast(1),
    measured: (rows) => {
      const of = (programs: readonly string[]): number[] =>
        programs.map((program) => speedup(rows, 'cc-numa', program));
      const [apart, together] = [of(APART), of(TOGETHER)];
      const list = (names: readonly string[], values: readonly number[]): string =>
        names.map((name, index) => `${name} ${values[index]?.toFixed(1)}`).join(', ');
      return {
        value: Math.min(...apart) / Math.max(...together),
        note: `${list(APART, apart)}; ${list(TOGETHER, together)}`,
      };
    },
  },
  {
    id: 'bus-limits',
    text: 'What goes over one bus does not scale as what goes to many memories: speedup on cc-numa / on smp, 64 harts, the least of the programs that write what is their own.',
    source: NOTES,
    paper: null,
    band: atLeast(1),
    measured: (rows) => {
      const ratios = APART.map(
        (program) => speedup(rows, 'cc-numa', program) / speedup(rows, 'smp', program),
      );
      return {
        value: Math.min(...ratios),
        note: APART.map((program, index) => `${program} ${ratios[index]?.toFixed(2)}`).join(', '),
      };
    },
  },
  {
    id: 'lock-contention',
    text: 'Spinning on test_and_set “disrupts useful work”: bnb with test-and-set / with mcs, cycles, cc-numa, 64 harts.',
    source: SYNCHRONIZATION,
    paper: { value: 'too much contention', tag: 'F' },
    band: atLeast(1),
    measured: (rows) =>
      slower(
        rows,
        { machine: 'cc-numa', program: 'bnb', harts: 64 },
        { lock: 'test-and-set' },
        { lock: 'mcs' },
      ),
  },
  {
    id: 'barrier-network',
    text: 'Without coherent caches a barrier of one counter costs a program more than dissemination: sor with sense-reversing / with dissemination, cycles, Butterfly, 64 harts.',
    source: SYNCHRONIZATION,
    paper: null,
    band: atLeast(1),
    measured: (rows) =>
      slower(rows, { machine: 'butterfly', program: 'sor', harts: 64 }, {}, { barrier: 'dissemination' }),
  },
  {
    id: 'barrier-bus',
    text: 'On a bus it is the other way round: sor with dissemination / with sense-reversing, cycles, Symmetry, 16 harts.',
    source: SYNCHRONIZATION,
    paper: null,
    band: atLeast(1),
    measured: (rows) =>
      slower(rows, { machine: 'symmetry', program: 'sor', harts: 16 }, { barrier: 'dissemination' }, {}),
  },
];
