/**
 * A matrix of words, block after block. Each block has lines of its own, so that who writes one disturbs nobody at the
 * next, and blocks lie with the members of the team in turn.
 */
import { LINE, roundUp } from '../runtime/line.ts';
import type { TeamMemory } from '../team/index.ts';

/** Rows and columns of a matrix, and of a block of it. */
export interface Square {
  readonly size: number;
  readonly block: number;
}

/** Blocks side by side, and one above the other. */
export const blocksAcross = ({ size, block }: Square): number => Math.ceil(size / block);
const blockSize = ({ block }: Square): number => roundUp(4 * block * block, LINE);
const blocksOfMember = (square: Square, threads: number): number =>
  Math.ceil(blocksAcross(square) ** 2 / threads);

export class Matrix {
  private readonly memory: TeamMemory;
  private readonly threads: number;
  private readonly square: Square;
  private readonly which: number;

  /** @param which 0 up: those of one team lie one after the other in each member's part */
  constructor(memory: TeamMemory, threads: number, square: Square, which: number) {
    this.memory = memory;
    this.threads = threads;
    this.square = square;
    this.which = which;
  }

  /** Bytes of a matrix in each member's part. */
  static ownSize(square: Square, threads: number): number {
    return blocksOfMember(square, threads) * blockSize(square);
  }

  /** The address of an element. */
  at(row: number, column: number): number {
    const { block } = this.square;
    const first = this.block(Math.floor(row / block), Math.floor(column / block));
    return first + 4 * ((row % block) * block + (column % block));
  }

  /** The address of the first element of a block, whose rows follow each other. */
  block(down: number, right: number): number {
    const { memory, threads, square, which } = this;
    const number = down * blocksAcross(square) + right;
    const place = which * blocksOfMember(square, threads) + Math.floor(number / threads);
    return memory.own(number % threads) + place * blockSize(square);
  }
}
