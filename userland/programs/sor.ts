/**
 * Successive over-relaxation on a square grid whose upper edge is hot: Laplace's equation, by red-black sweeps. All
 * red cells change, all members meet, all black cells change, all meet. After each sweep every member adds what its
 * cells have changed by to a common sum, under a lock.
 *
 * In fixed point, so that the result is the same to the last bit in any order; checked against one thread that does
 * the same sweeps on a grid of its own.
 */
import { type Code, load, store, work } from '../../hw/isa/index.ts';
import type { Output } from '../runtime/output.ts';
import { report } from '../runtime/print.ts';
import { type Setting, type TeamMemory, teamProgram } from '../team/index.ts';
import { Grid } from './sor-grid.ts';

/** Cycles of what is computed for a cell. */
const RELAX = 6;

const PARAMETERS = {
  size: { default: 16, min: 1, max: 1024, summary: 'Rows and columns inside the edges' },
  sweeps: { default: 6, min: 1, max: 10_000, summary: 'How often every cell changes' },
} as const;

interface Team {
  readonly memory: TeamMemory;
  readonly threads: number;
}

/** The members' grid, and the one that is compared with it. */
const gridOf = ({ memory, threads }: Team, size: number): Grid => new Grid(memory, threads, size, 0);
const otherOf = ({ memory, threads }: Team, size: number): Grid => new Grid(memory, threads, size, 1);
/** How much a sweep has changed in all. */
const changeOf = ({ memory }: Team, sweep: number): number => memory.common + 4 * sweep;

export default teamProgram({
  name: 'sor',
  summary: 'Red-black over-relaxation on a grid: a barrier after each half of a sweep, exact in fixed point',
  parameters: PARAMETERS,
  checks: ['grid', 'changes'],
  size: ({ size, sweeps }, threads) => ({ common: 4 * sweeps, own: 2 * Grid.ownSize(size, threads) }),

  *prepare(member, { size }) {
    const grid = gridOf(member, size);
    const { begin, end } = member.share(size);
    if (begin === end) return;
    if (begin === 0) yield* grid.fillRow(0);
    for (let row = begin + 1; row <= end; row++) yield* grid.fillRow(row);
    if (end === size) yield* grid.fillRow(size + 1);
  },

  // DOC: sor-work
  *work(member, { size, sweeps }) {
    const grid = gridOf(member, size);
    const { begin, end } = member.share(size);
    for (let sweep = 0; sweep < sweeps; sweep++) {
      const red = yield* relax(grid, size, begin, end, 0);
      yield* member.meet();
      const black = yield* relax(grid, size, begin, end, 1);
      const sum = changeOf(member, sweep);
      yield* member.acquire();
      yield store(sum, (yield load(sum)) + red + black);
      yield* member.release();
      yield* member.meet();
    }
  },

  *result(setting) {
    const { size, sweeps } = setting.words;
    const last = yield load(changeOf(setting, sweeps - 1));
    return `${size} × ${size}, ${sweeps} sweeps, the last changed ${last >>> 0}`;
  },

  *judge(output, setting) {
    return yield* compare(output, setting);
  },
});

/** Changes the cells of one colour in some rows; gives by how much in all. */
function* relax(grid: Grid, size: number, begin: number, end: number, colour: number): Code<number> {
  let changed = 0;
  for (let row = begin + 1; row <= end; row++) {
    const [above, here, below] = [grid.row(row - 1), grid.row(row), grid.row(row + 1)];
    for (let column = 2 - ((row + colour) & 1); column <= size; column += 2) {
      const at = here + 4 * column;
      const old = yield load(at);
      const upper = yield load(above + 4 * column);
      const left = yield load(at - 4);
      const right = yield load(at + 4);
      const sum = upper + left + right + (yield load(below + 4 * column));
      yield work(RELAX);
      // The mean of the neighbours, and half as far again: a relaxation factor of 3/2.
      const change = (3 * (sum - 4 * old)) >> 3;
      yield store(at, old + change);
      changed += Math.abs(change);
    }
  }
  return changed;
}

/** By one thread on the other grid, cell after cell as the method is defined. */
function* compare(output: Output, setting: Setting<typeof PARAMETERS>): Code<boolean> {
  const { size, sweeps } = setting.words;
  const [grid, other] = [gridOf(setting, size), otherOf(setting, size)];
  const at = (row: number, column: number): number => other.row(row) + 4 * column;
  const width = size + 2;
  for (let row = 0; row < width; row++) yield* other.fillRow(row);
  let sums = 0;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let changed = 0;
    for (const parity of [0, 1]) {
      for (let cell = 0; cell < size * size; cell++) {
        const [row, column] = [1 + Math.floor(cell / size), 1 + (cell % size)];
        if ((row + column) % 2 !== parity) continue;
        const old = yield load(at(row, column));
        let mean = (yield load(at(row - 1, column))) + (yield load(at(row, column - 1)));
        mean += (yield load(at(row, column + 1))) + (yield load(at(row + 1, column)));
        const value = Math.floor(old + (3 / 2) * (mean / 4 - old));
        yield store(at(row, column), value);
        changed += Math.abs(value - old);
      }
    }
    if ((changed | 0) === (yield load(changeOf(setting, sweep)))) sums++;
  }
  let same = 0;
  for (let row = 0; row < width; row++) {
    for (let column = 0; column < width; column++)
      if ((yield load(grid.row(row) + 4 * column)) === (yield load(at(row, column)))) same++;
  }
  const isGrid = yield* report(output, 'grid', same === width * width, `${same} of ${width * width} cells`);
  return (yield* report(output, 'changes', sums === sweeps, `${sums} of ${sweeps} sums`)) && isGrid;
}
