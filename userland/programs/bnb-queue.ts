/**
 * The work queue of `bnb`: partial tours that wait to be gone on with, the last one first, and how many are not done
 * with yet: those in the queue and those that somebody works at. When that is none, all is done.
 *
 * Locking: the team's lock 0 guards the count, the tours and `open`. `changed` is looked at without it by those who
 * found nothing to do.
 */
import { type Code, load, MARK, mark, spinUntilNot, store } from '../../hw/isa/index.ts';
import { LINE } from '../runtime/line.ts';
import type { Member } from '../team/index.ts';

/** A partial tour: which cities it has been to, where it ends, its length, and how many cities it has. */
export interface Tour {
  readonly been: number;
  readonly last: number;
  readonly cost: number;
  readonly cities: number;
}

const LOCK = 0;
const COUNT = 0;
const OPEN = 4;
const CHANGED = LINE;
const TOURS = 2 * LINE;
const TOUR_SIZE = 16;

export class TourQueue {
  private readonly address: number;
  private readonly room: number;

  /** @param room how many tours it can hold */
  constructor(address: number, room: number) {
    this.address = address;
    this.room = room;
  }

  /** Bytes of a queue for so many tours. */
  static size(tours: number): number {
    return TOURS + tours * TOUR_SIZE;
  }

  /** Puts the first one in, when nobody else is there yet. */
  *begin(tour: Tour): Code {
    yield* this.put(0, tour);
    yield store(this.address + COUNT, 1);
    yield store(this.address + OPEN, 1);
  }

  // DOC: bnb-exchange
  /**
   * Puts tours in, and takes one out; waits for one while others may still put some in.
   * @param finished how many the caller has done with: 0 or 1
   * @returns undefined when all is done
   */
  *exchange(member: Member, finished: number, tours: readonly Tour[]): Code<Tour | undefined> {
    yield mark(MARK.atomic, this.address + CHANGED, 4);
    let found = yield* this.lockedExchange(member, finished, tours);
    while (found.tour === undefined && found.open > 0) {
      yield spinUntilNot(this.address + CHANGED, found.changed);
      found = yield* this.lockedExchange(member, 0, []);
    }
    return found.tour;
  }

  /** How many are in it, and how many are not done with. */
  *left(): Code<readonly [number, number]> {
    return [yield load(this.address + COUNT), yield load(this.address + OPEN)];
  }

  private *lockedExchange(
    member: Member,
    finished: number,
    tours: readonly Tour[],
  ): Code<{ readonly tour: Tour | undefined; readonly open: number; readonly changed: number }> {
    const { address } = this;
    yield* member.acquire(LOCK);
    let count = yield load(address + COUNT);
    for (const tour of tours) yield* this.put(count++, tour);
    const tour = count > 0 ? yield* this.get(--count) : undefined;
    yield store(address + COUNT, count);
    const open = (yield load(address + OPEN)) + tours.length - finished;
    yield store(address + OPEN, open);
    let changed = yield load(address + CHANGED);
    if (tours.length > 0 || open === 0) yield store(address + CHANGED, ++changed);
    yield* member.release(LOCK);
    return { tour, open, changed };
  }

  private *put(place: number, { been, last, cost, cities }: Tour): Code {
    if (place < 0 || place >= this.room) throw new RangeError(`the queue has no place ${place}`);
    const at = this.address + TOURS + place * TOUR_SIZE;
    yield store(at, been);
    yield store(at + 4, last);
    yield store(at + 8, cost);
    yield store(at + 12, cities);
  }

  private *get(place: number): Code<Tour> {
    const at = this.address + TOURS + place * TOUR_SIZE;
    return {
      been: yield load(at),
      last: yield load(at + 4),
      cost: yield load(at + 8),
      cities: yield load(at + 12),
    };
  }
}
