/**
 * Branch and bound with a work queue: the shortest tour through some cities. Partial tours lie in a queue under a lock;
 * the length of the best tour so far is shared. A tour is given up when it cannot become shorter than that: its length,
 * and from each city that is left the way to the nearest one. Short tours go through the queue, long ones are gone on
 * with by whoever has them.
 *
 * How many tours are looked at depends on who finds a good one when, so a speedup can be more, or less, than the number
 * of threads. The answer does not.
 */
import { type Code, load, MARK, mark, store, work } from '../../hw/isa/index.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import { report } from '../runtime/print.ts';
import type { Words } from '../program.ts';
import { type Member, teamProgram } from '../team/index.ts';
import { CityMap, TOO_LONG } from './bnb-map.ts';
import { type Tour, TourQueue } from './bnb-queue.ts';

/** Cycles to compute a bound and compare it. */
const BOUND = 4;
/** The locks: of the queue, and of the best length. */
const BEST_LOCK = 1;

const PARAMETERS = {
  cities: { default: 7, min: 3, max: 14, summary: 'Cities' },
  depth: { default: 3, min: 1, max: 13, summary: 'Cities of a tour up to which it goes through the queue' },
  seed: { default: 1, min: 1, max: 1_000_000, summary: 'Chooses the cities' },
} as const;

type BnbWords = Words<typeof PARAMETERS>;

/** Tours for which the queue has room: for each thread the brothers of one tour at each depth. */
const roomFor = ({ cities, depth }: BnbWords, threads: number): number => threads * depth * cities + cities;

const QUEUE = 2 * LINE;
const MEMBER = { LOOKED_AT: 0, PUT: 4, TAKEN: 8, SIZE: LINE } as const;

/** The best length, the sum over all cities of the way to the nearest, the queue, and the map. */
const layout = (common: number, words: BnbWords, threads: number) => {
  const room = roomFor(words, threads);
  const map = common + QUEUE + roundUp(TourQueue.size(room), LINE);
  return {
    best: common,
    nearests: common + LINE,
    queue: new TourQueue(common + QUEUE, room),
    map: new CityMap(map, words.cities),
    end: map + CityMap.size(words.cities),
  };
};

export default teamProgram({
  name: 'bnb',
  summary: 'The shortest tour by branch and bound: a work queue and the best length so far, under two locks',
  parameters: PARAMETERS,
  checks: ['shortest', 'queue'],
  locks: () => 2,
  size: (words, threads) => ({ common: layout(0, words, threads).end, own: MEMBER.SIZE }),

  *setUp({ memory, words, threads }) {
    const { best, nearests, map, queue } = layout(memory.common, words, threads);
    yield store(best, TOO_LONG);
    yield* map.survey(words.seed);
    let sum = 0;
    for (let city = 0; city < words.cities; city++) sum += yield* map.nearest(city);
    yield store(nearests, sum);
    yield* queue.begin({ been: 1, last: 0, cost: 0, cities: 1 });
  },

  *work(member, words) {
    yield* new Search(member, words).run();
  },

  *result({ memory, words, threads }) {
    const { best } = layout(memory.common, words, threads);
    let tours = 0;
    for (let index = 0; index < threads; index++) tours += yield load(memory.own(index) + MEMBER.LOOKED_AT);
    return `${words.cities} cities, shortest tour ${yield load(best)}, ${tours} partial tours looked at`;
  },

  *judge(output, { memory, words, threads }) {
    const { best, queue, map } = layout(memory.common, words, threads);
    const found = yield load(best);
    const shortest = yield* map.shortestTour();
    // The first tour was put in by nobody.
    let [put, taken] = [1, 0];
    for (let index = 0; index < threads; index++) {
      put += yield load(memory.own(index) + MEMBER.PUT);
      taken += yield load(memory.own(index) + MEMBER.TAKEN);
    }
    const [count, open] = yield* queue.left();
    const isShortest = yield* report(output, 'shortest', found === shortest, `${found}, by sets ${shortest}`);
    const isEmpty = count === 0 && open === 0 && put === taken;
    return (
      (yield* report(output, 'queue', isEmpty, `${taken} taken of ${put}, ${open} not done with`)) &&
      isShortest
    );
  },
});

/** One member's part of the search. */
class Search {
  private readonly member: Member;
  private readonly words: BnbWords;
  private readonly at: ReturnType<typeof layout>;

  constructor(member: Member, words: BnbWords) {
    this.member = member;
    this.words = words;
    this.at = layout(member.memory.common, words, member.threads);
  }

  *run(): Code {
    const { member, at } = this;
    // It is looked at without its lock: a tour that is given up too late does no harm.
    yield mark(MARK.atomic, at.best, 4);
    const nearests = yield load(at.nearests);
    let [lookedAt, put, taken] = [0, 0, 0];
    for (let tour = yield* at.queue.exchange(member, 0, []); tour !== undefined; ) {
      taken++;
      let next: readonly Tour[] = [];
      if (tour.cities < Math.min(this.words.depth, this.words.cities - 1))
        next = yield* this.goOn(tour, yield* this.rest(tour, nearests));
      else lookedAt += yield* this.explore(tour, yield* this.rest(tour, nearests));
      lookedAt++;
      put += next.length;
      tour = yield* at.queue.exchange(member, 1, next);
    }
    const own = member.memory.own(member.index);
    yield store(own + MEMBER.LOOKED_AT, lookedAt);
    yield store(own + MEMBER.PUT, put);
    yield store(own + MEMBER.TAKEN, taken);
  }

  /** The least way that is left from where a tour ends: through the cities where it has not been, and home. */
  private *rest({ been, last }: Tour, nearests: number): Code<number> {
    let rest = nearests;
    for (let city = 0; city < this.words.cities; city++) {
      if (city !== last && (been & (1 << city)) !== 0) rest -= yield* this.at.map.nearest(city);
    }
    return rest;
  }

  // DOC: bnb-go-on
  /** All tours with one city more that may still be the best. */
  private *goOn(tour: Tour, rest: number): Code<Tour[]> {
    const { map, best } = this.at;
    const tours: Tour[] = [];
    const left = rest - (yield* map.nearest(tour.last));
    for (let city = 1; city < this.words.cities; city++) {
      if ((tour.been & (1 << city)) !== 0) continue;
      const cost = tour.cost + (yield* map.distance(tour.last, city));
      yield work(BOUND);
      if (cost + left >= (yield load(best))) continue;
      tours.push({ been: tour.been | (1 << city), last: city, cost, cities: tour.cities + 1 });
    }
    return tours;
  }

  /** Goes on to the end with all tours that begin like this one; gives how many were looked at on the way. */
  private *explore(tour: Tour, rest: number): Code<number> {
    const { map, best } = this.at;
    if (tour.cities === this.words.cities) {
      yield* this.record(tour.cost + (yield* map.distance(tour.last, 0)));
      return 0;
    }
    const left = rest - (yield* map.nearest(tour.last));
    let lookedAt = 0;
    for (const next of yield* this.goOn(tour, rest)) {
      // A better one may have been found meanwhile.
      if (next.cost + left >= (yield load(best))) continue;
      lookedAt += 1 + (yield* this.explore(next, left));
    }
    return lookedAt;
  }

  private *record(length: number): Code {
    const { best } = this.at;
    if (length >= (yield load(best))) return;
    yield* this.member.acquire(BEST_LOCK);
    if (length < (yield load(best))) yield store(best, length);
    yield* this.member.release(BEST_LOCK);
  }
}
