/**
 * A blocked matrix multiply: C = A · B, of words (modulo 2^32). Blocks of C are dealt out one after the other, under a
 * lock; each is computed block by block of A and B, which fit into a cache.
 *
 * Checked by the definition: every element of C as the sum of n products, one after the other.
 */
import { type Code, load, store, work } from '../../hw/isa/index.ts';
import { LINE } from '../runtime/line.ts';
import type { Output } from '../runtime/output.ts';
import { report } from '../runtime/print.ts';
import { nextRandom } from '../runtime/random.ts';
import { type Member, type Setting, type TeamMemory, teamProgram } from '../team/index.ts';
import { blocksAcross, Matrix, type Square } from './matmul-matrix.ts';

/** Cycles of a multiplication and an addition. */
const MULTIPLY_ADD = 2;

const PARAMETERS = {
  size: { default: 24, min: 1, max: 512, summary: 'Rows and columns' },
  block: { default: 4, min: 1, max: 512, summary: 'Rows and columns of a block' },
} as const;

interface Team {
  readonly memory: TeamMemory;
  readonly threads: number;
}

const matrices = ({ memory, threads }: Team, square: Square) => ({
  a: new Matrix(memory, threads, square, 0),
  b: new Matrix(memory, threads, square, 1),
  c: new Matrix(memory, threads, square, 2),
});

export default teamProgram({
  name: 'matmul',
  summary: 'Multiplies two matrices block by block; blocks are dealt out under a lock',
  parameters: PARAMETERS,
  checks: ['product'],
  size: (square, threads) => ({ common: LINE, own: 3 * Matrix.ownSize(square, threads) }),

  *prepare(member, square) {
    const { a, b } = matrices(member, square);
    const { size } = square;
    const { begin, end } = member.share(size * size);
    for (let index = begin; index < end; index++) {
      const [row, column] = [Math.floor(index / size), index % size];
      yield store(a.at(row, column), element(2 * index));
      yield store(b.at(row, column), element(2 * index + 1));
    }
  },

  *work(member, square) {
    const across = blocksAcross(square);
    for (;;) {
      const next = yield* takeBlock(member);
      if (next >= across * across) return;
      yield* multiplyBlock(member, square, Math.floor(next / across), next % across);
    }
  },

  *result(setting) {
    const { size, block } = setting.words;
    const { c } = matrices(setting, setting.words);
    let sum = 0;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) sum = (sum + (yield load(c.at(row, column)))) | 0;
    }
    return `${size} × ${size} in blocks of ${block}, sum ${sum}`;
  },

  *judge(output, setting) {
    return yield* judgeProduct(output, setting);
  },
});

/** A small number, the same for everybody. */
const element = (index: number): number => ((nextRandom(index + 1) >>> 8) % 201) - 100;

/** The number of a block that nobody has taken yet. */
function* takeBlock(member: Member): Code<number> {
  const { common } = member.memory;
  yield* member.acquire();
  const next = yield load(common);
  yield store(common, next + 1);
  yield* member.release();
  return next;
}

// DOC: matmul-block
function* multiplyBlock(member: Member, square: Square, down: number, right: number): Code {
  const { a, b, c } = matrices(member, square);
  const { size, block } = square;
  const rows = Math.min(block, size - down * block);
  const columns = Math.min(block, size - right * block);
  const product = c.block(down, right);
  for (let middle = 0; middle < blocksAcross(square); middle++) {
    const [left, upper] = [a.block(down, middle), b.block(middle, right)];
    const depth = Math.min(block, size - middle * block);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const at = product + 4 * (row * block + column);
        let sum = yield load(at);
        for (let k = 0; k < depth; k++) {
          const factor = yield load(left + 4 * (row * block + k));
          sum = (sum + Math.imul(factor, yield load(upper + 4 * (k * block + column)))) | 0;
        }
        yield work(MULTIPLY_ADD * depth);
        yield store(at, sum);
      }
    }
  }
}

function* judgeProduct(output: Output, setting: Setting<typeof PARAMETERS>): Code<boolean> {
  const { a, b, c } = matrices(setting, setting.words);
  const { size } = setting.words;
  let right = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (let k = 0; k < size; k++) {
        const factor = yield load(a.at(row, k));
        sum = (sum + Math.imul(factor, yield load(b.at(k, column)))) | 0;
      }
      if (sum === (yield load(c.at(row, column)))) right++;
    }
  }
  return yield* report(output, 'product', right === size * size, `${right} of ${size * size} elements`);
}
