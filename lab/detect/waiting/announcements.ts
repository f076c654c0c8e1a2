/**
 * What each actor has just told the others before it waits: its last plain store to a word, stores that only let
 * a lock go left aside. An atomic instruction in between is itself a way to meet the others.
 */
import { OP } from '../../../hw/isa/op.ts';
import { type Access, isSpin } from '../access.ts';
import type { Actor } from '../actor.ts';

interface Story {
  /** Words that it has taken by atomic instructions: locks, as far as can be known. */
  readonly taken: Set<number>;
  announced: number | undefined;
  /** The instruction that it executes again and again, and since when. */
  op: number;
  address: number;
  since: number;
}

export class Announcements {
  private readonly stories = new Map<Actor, Story>();

  note({ who, op, address, cycle, atomic, writes }: Access): void {
    let story = this.stories.get(who);
    if (story === undefined) {
      story = { taken: new Set(), announced: undefined, op: -1, address: -1, since: cycle };
      this.stories.set(who, story);
    }
    const goesOnWaiting =
      isSpin(op) && story.op === op && (story.address === address || op === OP.spinUntilAny);
    if (!goesOnWaiting) Object.assign(story, { op, address, since: cycle });
    if (!writes) return;
    if (atomic) {
      story.taken.add(address);
      story.announced = undefined;
    } else if (!story.taken.delete(address)) story.announced = address;
  }

  /** The word that an actor wrote last, if it has something to say to others. */
  of(who: Actor): number | undefined {
    return this.stories.get(who)?.announced;
  }

  /** Since when it executes its present instruction. */
  since(who: Actor): number {
    return this.stories.get(who)?.since ?? 0;
  }
}
