import type { TeamBlock } from './team-block.ts';

/** A program's memory: a common part, and one for each member, near it. All is shared, and zero at the start. */
export class TeamMemory {
  readonly common: number;
  private readonly block: TeamBlock;

  constructor(block: TeamBlock) {
    this.block = block;
    this.common = block.common;
  }

  /** A member's part, on a line. */
  own(index: number): number {
    return this.block.own(index);
  }
}
