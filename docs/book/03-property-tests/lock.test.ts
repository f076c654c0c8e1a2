/** A lock of one's own: no order of two harts' steps lets both in. And one that does, found with its schedule. */
import { expectEverySchedule, mutualExclusion } from 'eddy-os/testing';
import { type Code, fetchAndAdd, load, mark, MARK, program, spinUntil, store } from 'eddy-os/userland';
import { expect, test } from 'vitest';

/** On each hart: takes a ticket, waits until it is served, and serves the next one. */
const ticketLock = (take: (lock: number) => Code<number>) =>
  program({
    name: 'ticket-lock',
    summary: 'Takes a ticket lock once on every hart',
    *main() {},
    *bare(env): Code {
      const lock = yield* env.memory();
      yield spinUntil(lock + 4, yield* take(lock));
      yield mark(MARK.lockAcquired, lock);
      yield mark(MARK.lockReleased, lock);
      yield fetchAndAdd(lock + 4, 1);
    },
  });

test('tickets that are taken with one instruction let in one at a time, in every schedule', () => {
  const lock = ticketLock(function* (next) {
    return yield fetchAndAdd(next, 1);
  });
  expectEverySchedule(lock, { invariants: [mutualExclusion] });
});

test('tickets that are taken with two instructions do not', () => {
  const lock = ticketLock(function* (next) {
    const mine = yield load(next);
    yield store(next, mine + 1);
    return mine;
  });
  // Two harts have the same ticket: both come in, or nobody serves the next one.
  expect(() => expectEverySchedule(lock, { invariants: [mutualExclusion] })).toThrow('(1 preemption)');
});
