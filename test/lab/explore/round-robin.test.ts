/** Round robin: one schedule without a delay, and with k delays as many as there are ways to place them. */
import { describe, expect, test } from 'vitest';
import { type Code, load, pause, store } from '../../../hw/isa/index.ts';
import { findFailure } from '../../../lab/explore/find-failure.ts';
import type { Search } from '../../../lab/explore/every-execution.ts';
import { PreemptionBound } from '../../../lab/explore/preemption-bound.ts';
import { RoundRobin } from '../../../lab/explore/round-robin.ts';
import { counting } from './planted.ts';

/** The orders in which a search lets three harts act. */
function orders(search: Search, program: (hart: number) => Code): string[] {
  const seen: string[] = [];
  let order = '';
  const noting: Search = {
    redundant: 0,
    needsFootprint: false,
    begin(machine, footprint) {
      order = '';
      search.begin(machine, footprint);
    },
    choose(runnable, step) {
      const actor = search.choose(runnable, step);
      order += actor;
      return actor;
    },
    next() {
      seen.push(order);
      return search.next();
    },
  };
  const subject = counting(3, program);
  const unjudged = { ...subject, start: () => ({ ...subject.start(), judge: () => undefined }) };
  findFailure(unjudged, noting, { schedules: 10_000 });
  return seen;
}

/** Two steps of each hart: the load, and its end. */
function* reads(): Code {
  yield load(0x100);
}

describe('round robin', () => {
  test('has one schedule without a delay: in the order of the ring', () => {
    expect(orders(new RoundRobin(0), reads)).toEqual(['001122']);
  });

  test('goes round the ring when one delays, and comes back', () => {
    expect(orders(new RoundRobin(1), reads)).toEqual([
      '001122',
      // Where the first step, the second, … passes over whose turn it was.
      '112200',
      '011220',
      '002211',
      '001221',
    ]);
  });

  test('gives the turn to the next in the ring after a pause', () => {
    function* polite(): Code {
      yield pause();
    }
    expect(orders(new RoundRobin(0), polite)).toEqual(['012012']);
  });

  test('has far fewer schedules than preemption bounding, and all with delays enough', () => {
    const program = function* (hart: number): Code {
      yield store(64 * hart + 0x100, 1);
    };
    const few = orders(new RoundRobin(1), program).length;
    expect(orders(new PreemptionBound(1), program).length).toBeGreaterThan(3 * few);
    const search = new RoundRobin(100);
    const all = orders(search, program);
    expect(search.isEverything).toBe(true);
    expect(new Set(all).size).toBe(all.length);
    // 6 steps over 2 of each hart.
    expect(all.length).toBe(90);
  });
});
