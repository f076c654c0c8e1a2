/**
 * The grid of `sor`: square, with an edge of a cell on each side. Each member has the rows in which it changes cells,
 * in lines of their own; the edge above goes with the first member, the one below with the last.
 */
import { type Code, store } from '../../hw/isa/index.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import type { TeamMemory } from '../team/index.ts';

/** Temperature of the upper edge: 1000 with 12 binary digits after the point. */
const HOT = 1000 << 12;

const stride = (size: number): number => roundUp(4 * (size + 2), LINE);
/** The most rows that a member has, edges included. */
const mostRows = (size: number, threads: number): number => Math.ceil(size / threads) + 2;

export class Grid {
  private readonly memory: TeamMemory;
  private readonly threads: number;
  private readonly size: number;
  private readonly which: number;

  /**
   * @param size rows and columns without the edges
   * @param which 0 up: those of one team lie one after the other in each member's part
   */
  constructor(memory: TeamMemory, threads: number, size: number, which: number) {
    this.memory = memory;
    this.threads = threads;
    this.size = size;
    this.which = which;
  }

  /** Bytes of a grid in each member's part. */
  static ownSize(size: number, threads: number): number {
    return mostRows(size, threads) * stride(size);
  }

  /** The address of the first cell of a row: 0 is the upper edge. */
  row(row: number): number {
    const { memory, threads, size, which } = this;
    const inside = Math.min(Math.max(row - 1, 0), size - 1);
    const member = Math.ceil(((inside + 1) * threads) / size) - 1;
    // The edge above comes before the first row of the first member.
    const place = row - Math.floor((member * size) / threads);
    return memory.own(member) + which * Grid.ownSize(size, threads) + place * stride(size);
  }

  /** Hot above, cold elsewhere. */
  *fillRow(row: number): Code {
    for (let column = 0; column < this.size + 2; column++)
      yield store(this.row(row) + 4 * column, row === 0 ? HOT : 0);
  }
}
