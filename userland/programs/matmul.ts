/**
 * A blocked matrix multiply: C = A · B, of words (modulo 2^32). Blocks of C are dealt out one after the other, under a
 * lock; each is computed block by block of A and B, which fit into a cache.
 *
 * Checked by the definition: every element of C as the sum of n products, one after the other.
 */
import { type Code, load, store, work } from '../../hw/isa/index.ts';
import type { Output } from '../runtime/output.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import { report } from '../runtime/print.ts';
import { nextRandom } from '../runtime/random.ts';
import { type Member, teamProgram } from '../team/index.ts';

/** Cycles of a multiplication and an addition. */
const MULTIPLY_ADD = 2;

const A = LINE;
const matrixSize = (size: number): number => roundUp(4 * size * size, LINE);

/** Where the matrices lie: words, row after row. The first line is the number of the next block. */
const layout = (memory: number, size: number) => ({
  next: memory,
  a: memory + A,
  b: memory + A + matrixSize(size),
  c: memory + A + 2 * matrixSize(size),
});

const PARAMETERS = {
  size: { default: 24, min: 1, max: 512, summary: 'Rows and columns' },
  block: { default: 4, min: 1, max: 512, summary: 'Rows and columns of a block' },
} as const;

export default teamProgram({
  name: 'matmul',
  summary: 'Multiplies two matrices block by block; blocks are dealt out under a lock',
  parameters: PARAMETERS,
  checks: ['product'],
  size: ({ size }) => A + 3 * matrixSize(size),

  *prepare(member, { size }) {
    const { a, b } = layout(member.memory, size);
    const { begin, end } = member.share(size);
    for (let index = begin * size; index < end * size; index++) {
      yield store(a + 4 * index, element(2 * index));
      yield store(b + 4 * index, element(2 * index + 1));
    }
  },

  *work(member, { size, block }) {
    const blocks = Math.ceil(size / block);
    for (;;) {
      const next = yield* takeBlock(member);
      if (next >= blocks * blocks) return;
      yield* multiplyBlock(member.memory, size, block, Math.floor(next / blocks), next % blocks);
    }
  },

  *result({ memory, words: { size, block } }) {
    const { c } = layout(memory, size);
    let sum = 0;
    for (let index = 0; index < size * size; index++) sum = (sum + (yield load(c + 4 * index))) | 0;
    return `${size} × ${size} in blocks of ${block}, sum ${sum}`;
  },

  *judge(output, { memory, words: { size } }) {
    return yield* judgeProduct(output, memory, size);
  },
});

/** A small number, the same for everybody. */
const element = (index: number): number => ((nextRandom(index + 1) >>> 8) % 201) - 100;

/** The number of a block that nobody has taken yet. */
function* takeBlock(member: Member): Code<number> {
  yield* member.acquire();
  const next = yield load(member.memory);
  yield store(member.memory, next + 1);
  yield* member.release();
  return next;
}

// DOC: matmul-block
function* multiplyBlock(memory: number, size: number, block: number, down: number, across: number): Code {
  const { a, b, c } = layout(memory, size);
  const [rows, columns] = [Math.min(size, (down + 1) * block), Math.min(size, (across + 1) * block)];
  for (let from = 0; from < size; from += block) {
    const to = Math.min(size, from + block);
    for (let row = down * block; row < rows; row++) {
      for (let column = across * block; column < columns; column++) {
        const at = c + 4 * (row * size + column);
        let sum = yield load(at);
        for (let k = from; k < to; k++) {
          const left = yield load(a + 4 * (row * size + k));
          sum = (sum + Math.imul(left, yield load(b + 4 * (k * size + column)))) | 0;
        }
        yield work(MULTIPLY_ADD * (to - from));
        yield store(at, sum);
      }
    }
  }
}

function* judgeProduct(output: Output, memory: number, size: number): Code<boolean> {
  const { a, b, c } = layout(memory, size);
  let right = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (let k = 0; k < size; k++) {
        const left = yield load(a + 4 * (row * size + k));
        sum = (sum + Math.imul(left, yield load(b + 4 * (k * size + column)))) | 0;
      }
      if (sum === (yield load(c + 4 * (row * size + column)))) right++;
    }
  }
  return yield* report(output, 'product', right === size * size, `${right} of ${size * size} elements`);
}
