/**
 * Successive over-relaxation on a square grid whose upper edge is hot: Laplace's equation, by red-black sweeps. All
 * red cells change, all members meet, all black cells change, all meet. After each sweep every member adds what its
 * cells have changed by to a common sum, under a lock.
 *
 * In fixed point, so that the result is the same to the last bit in any order; checked against one thread that does
 * the same sweeps on a grid of its own.
 */
import { type Code, load, store, work } from '../../hw/isa/index.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import type { Output } from '../runtime/output.ts';
import { report } from '../runtime/print.ts';
import { teamProgram } from '../team/index.ts';

/** Temperature of the upper edge: 1000 with 12 binary digits after the point. */
const HOT = 1000 << 12;
/** Cycles of what is computed for a cell. */
const RELAX = 6;

const PARAMETERS = {
  size: { default: 16, min: 1, max: 1024, summary: 'Rows and columns inside the edges' },
  sweeps: { default: 6, min: 1, max: 10_000, summary: 'How often every cell changes' },
} as const;

const gridSize = (size: number): number => roundUp(4 * (size + 2) * (size + 2), LINE);

/** Two grids, the members' and the one that is compared with it, and how much each sweep changed. */
const layout = (memory: number, size: number) => ({
  grid: memory,
  other: memory + gridSize(size),
  changes: memory + 2 * gridSize(size),
});

export default teamProgram({
  name: 'sor',
  summary: 'Red-black over-relaxation on a grid: a barrier after each half of a sweep, exact in fixed point',
  parameters: PARAMETERS,
  checks: ['grid', 'changes'],
  size: ({ size, sweeps }) => 2 * gridSize(size) + 4 * sweeps,

  *prepare(member, { size }) {
    const { grid } = layout(member.memory, size);
    const { begin, end } = member.share(size + 2);
    for (let row = begin; row < end; row++) yield* fillRow(grid, size, row);
  },

  // DOC: sor-work
  *work(member, { size, sweeps }) {
    const { grid, changes } = layout(member.memory, size);
    const { begin, end } = member.share(size);
    for (let sweep = 0; sweep < sweeps; sweep++) {
      const red = yield* relax(grid, size, begin, end, 0);
      yield* member.meet();
      const black = yield* relax(grid, size, begin, end, 1);
      const sum = changes + 4 * sweep;
      yield* member.acquire();
      yield store(sum, (yield load(sum)) + red + black);
      yield* member.release();
      yield* member.meet();
    }
  },

  *result({ memory, words: { size, sweeps } }) {
    const last = yield load(layout(memory, size).changes + 4 * (sweeps - 1));
    return `${size} × ${size}, ${sweeps} sweeps, the last changed ${last >>> 0}`;
  },

  *judge(output, { memory, words: { size, sweeps } }) {
    return yield* compare(output, memory, size, sweeps);
  },
});

function* fillRow(grid: number, size: number, row: number): Code {
  const width = size + 2;
  for (let column = 0; column < width; column++)
    yield store(grid + 4 * (row * width + column), row === 0 ? HOT : 0);
}

/** Changes the cells of one colour in some rows; gives by how much in all. */
function* relax(grid: number, size: number, begin: number, end: number, colour: number): Code<number> {
  const width = 4 * (size + 2);
  let changed = 0;
  for (let row = begin + 1; row <= end; row++) {
    for (let column = 2 - ((row + colour) & 1); column <= size; column += 2) {
      const at = grid + row * width + 4 * column;
      const old = yield load(at);
      const above = yield load(at - width);
      const left = yield load(at - 4);
      const right = yield load(at + 4);
      const sum = above + left + right + (yield load(at + width));
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
function* compare(output: Output, memory: number, size: number, sweeps: number): Code<boolean> {
  const { grid, other, changes } = layout(memory, size);
  const width = size + 2;
  const at = (row: number, column: number): number => other + 4 * (row * width + column);
  for (let row = 0; row < width; row++) yield* fillRow(other, size, row);
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
    if ((changed | 0) === (yield load(changes + 4 * sweep))) sums++;
  }
  let same = 0;
  for (let cell = 0; cell < width * width; cell++)
    if ((yield load(grid + 4 * cell)) === (yield load(other + 4 * cell))) same++;
  const isGrid = yield* report(output, 'grid', same === width * width, `${same} of ${width * width} cells`);
  return (yield* report(output, 'changes', sums === sweeps, `${sums} of ${sweeps} sums`)) && isGrid;
}
