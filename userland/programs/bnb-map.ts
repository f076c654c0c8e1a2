/**
 * The cities of `bnb`: the distance from each to each, and from each to the nearest; all read it, nobody writes once the
 * search has begun. And the shortest tour by dynamic programming over sets of cities (Held & Karp 1962), which has
 * nothing in common with the search but the distances.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { roundUp, LINE } from '../runtime/line.ts';
import { nextRandom } from '../runtime/random.ts';

/** Cities lie on a grid of so many lines; one walks along the lines. */
const SIDE = 100;
/** Longer than any tour. */
export const TOO_LONG = 1 << 20;

export class CityMap {
  private readonly address: number;
  private readonly cities: number;

  constructor(address: number, cities: number) {
    this.address = address;
    this.cities = cities;
  }

  /** Bytes of the map, and behind it those in which the shortest tour is computed. */
  static size(cities: number): number {
    return roundUp(4 * cities * (cities + 1), LINE) + 4 * cities * (1 << cities);
  }

  /** Draws the cities, and measures. */
  *survey(seed: number): Code {
    const { cities } = this;
    let random = nextRandom(seed * 7919);
    const draw = (): number => ((random = nextRandom(random)) >>> 8) % SIDE;
    const places = Array.from({ length: cities }, () => [draw(), draw()] as const);
    for (const [from, [x, y]] of places.entries()) {
      let nearest = TOO_LONG;
      for (const [to, [otherX, otherY]] of places.entries()) {
        const distance = Math.abs(x - otherX) + Math.abs(y - otherY);
        if (from !== to) nearest = Math.min(nearest, distance);
        yield store(this.place(from, to), distance);
      }
      yield store(this.place(from, cities), nearest);
    }
  }

  *distance(from: number, to: number): Code<number> {
    return yield load(this.place(from, to));
  }

  /** The distance to the nearest other city: no way on from here is shorter. */
  *nearest(from: number): Code<number> {
    return yield load(this.place(from, this.cities));
  }

  // DOC: bnb-held-karp
  /** The length of the shortest tour: for each set and each city of it, the shortest way through the set to there. */
  *shortestTour(): Code<number> {
    const { cities } = this;
    const table = this.address + roundUp(4 * cities * (cities + 1), LINE);
    const way = (set: number, last: number): number => table + 4 * (set * cities + last);
    const all = (1 << cities) - 1;
    yield store(way(1, 0), 0);
    for (let set = 3; set <= all; set += 2) {
      for (let last = 1; last < cities; last++) {
        if ((set & (1 << last)) === 0) continue;
        const before = set & ~(1 << last);
        let shortest = TOO_LONG;
        for (let city = 0; city < cities; city++) {
          // A way that comes back to the first city in between is none.
          if ((before & (1 << city)) === 0 || (city === 0 && before !== 1)) continue;
          const length = (yield load(way(before, city))) + (yield* this.distance(city, last));
          shortest = Math.min(shortest, length);
        }
        yield store(way(set, last), shortest);
      }
    }
    let best = TOO_LONG;
    for (let last = 1; last < cities; last++) {
      best = Math.min(best, (yield load(way(all, last))) + (yield* this.distance(last, 0)));
    }
    return best;
  }

  private place(from: number, to: number): number {
    return this.address + 4 * (from * (this.cities + 1) + to);
  }
}
