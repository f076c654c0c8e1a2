/**
 * Use after free: a block of a heap is read or written by its user, or freed, once it has been freed. The
 * allocator itself may touch free blocks (marks allocatorEntered and allocatorLeft).
 */
import type { Access } from '../access.ts';
import type { Actor } from '../actor.ts';
import type { Detector, Watch } from '../detector.ts';
import { atCycle, hex, involvedIn, named } from '../words.ts';
import { type Block, offsetIn } from './heap-blocks.ts';

export class UseAfterFreeDetector implements Detector {
  readonly wantsKernel = true;
  private readonly watch: Watch;
  /** Each block is reported once. */
  private readonly reported = new Set<Block>();

  constructor(watch: Watch) {
    this.watch = watch;
  }

  access(access: Access): void {
    if (access.isAllocators) return;
    // Blocks begin and end with a word; a line may reach over several.
    for (let at = access.address; at < access.address + access.bytes; at = (at | 3) + 1)
      this.look(access, at);
  }

  private look(access: Access, address: number): void {
    const { who, hart, cycle } = access;
    const block = this.watch.heap.at(who.space, address);
    if (block?.freed === undefined || this.reported.has(block)) return;
    this.reported.add(block);
    const involved = involvedIn(access);
    const place = offsetIn(block, address);
    this.watch.report({
      message: `use after free: ${named(who, hart)} at ${atCycle(cycle)} ${involved.instruction.replace(' it', ` ${hex(address)}`)}, ${place}, which ${block.freed.who.name} freed at ${atCycle(block.freed.cycle)}`,
      cycle,
      address,
      place,
      involved: [
        involved,
        {
          who: block.freed.who.name,
          hart: block.freed.hart,
          cycle: block.freed.cycle,
          instruction: 'frees it',
        },
      ],
    });
  }

  freedAgain(block: Block, who: Actor, cycle: number): void {
    if (block.freed === undefined || this.reported.has(block)) return;
    this.reported.add(block);
    const place = offsetIn(block, block.address);
    this.watch.report({
      message: `freed twice: ${named(who)} at ${atCycle(cycle)} frees ${place}, which ${block.freed.who.name} freed at ${atCycle(block.freed.cycle)}`,
      cycle,
      address: block.address,
      place,
      involved: [{ who: who.name, hart: who.hart, cycle, instruction: 'frees it' }],
    });
  }
}
