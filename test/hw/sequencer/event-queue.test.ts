import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventQueue, type Scheduled } from '../../../hw/sequencer/event-queue.ts';
import { effort } from '../effort.ts';

/** Pops and calls until none is left. */
function drain(queue: EventQueue): void {
  for (let event = queue.pop(); event !== undefined; event = queue.pop()) event.action(event.time);
}

describe('the event queue', () => {
  test('fires events of equal time in the order in which they were scheduled', () => {
    const queue = new EventQueue();
    const fired: string[] = [];
    for (const name of ['first', 'second', 'third', 'fourth', 'fifth'])
      queue.schedule(7, () => void fired.push(name));
    drain(queue);
    expect(fired).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
  });

  test('does not lose an event that its own action schedules again', () => {
    const queue = new EventQueue();
    const fired: number[] = [];
    const tick = (time: number): void => {
      fired.push(time);
      if (time < 50) queue.schedule(time + 10, tick);
    };
    queue.schedule(10, tick);
    drain(queue);
    expect(fired).toEqual([10, 20, 30, 40, 50]);
  });

  test('does not lose an event that is cancelled and scheduled again, at the same or another time', () => {
    const queue = new EventQueue();
    const fired: [string, number][] = [];
    const note = (name: string) => (time: number) => void fired.push([name, time]);
    const moved = queue.schedule(10, note('moved'));
    queue.schedule(10, note('stays'));
    queue.cancel(moved);
    queue.schedule(10, note('moved'));
    queue.schedule(5, note('early'));
    drain(queue);
    expect(fired).toEqual([
      ['early', 5],
      ['stays', 10],
      ['moved', 10],
    ]);
  });

  test('never fires a cancelled event, and knows its next time without it', () => {
    const queue = new EventQueue();
    const cancelled = queue.schedule(3, () => expect.unreachable());
    queue.schedule(8, () => undefined);
    queue.cancel(cancelled);
    queue.cancel(cancelled);
    expect(queue.nextTime).toBe(8);
    expect(queue.pop()?.time).toBe(8);
    expect(queue.nextTime).toBe(Number.POSITIVE_INFINITY);
    expect(queue.pop()).toBeUndefined();
  });

  test('lets an event cancel another of the same time that has not fired yet', () => {
    const queue = new EventQueue();
    const victims: Scheduled[] = [];
    queue.schedule(4, () => victims.forEach((victim) => queue.cancel(victim)));
    victims.push(queue.schedule(4, () => expect.unreachable()));
    drain(queue);
    expect(queue.nextTime).toBe(Number.POSITIVE_INFINITY);
  });

  test('takes no notice when an event that has fired is cancelled', () => {
    const queue = new EventQueue();
    const fired: number[] = [];
    const first = queue.schedule(1, (time) => void fired.push(time));
    drain(queue);
    queue.cancel(first);
    queue.schedule(2, (time) => void fired.push(time));
    drain(queue);
    expect(fired).toEqual([1, 2]);
  });

  test('fires an event that is scheduled at the present time after those that were there before', () => {
    const queue = new EventQueue();
    const fired: string[] = [];
    queue.schedule(6, (time) => {
      fired.push('outer');
      queue.schedule(time, () => void fired.push('inner'));
    });
    queue.schedule(6, () => void fired.push('neighbour'));
    drain(queue);
    expect(fired).toEqual(['outer', 'neighbour', 'inner']);
  });

  test('agrees with a sorted list under any sequence of schedule, cancel and pop', () => {
    const command = fc.oneof(
      { weight: 3, arbitrary: fc.record({ do: fc.constant('schedule' as const), time: fc.nat(20) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(40) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('pop' as const) }) },
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
        const queue = new EventQueue();
        const scheduled: Scheduled[] = [];
        let list: { readonly time: number; readonly id: number }[] = [];
        for (const next of commands) {
          if (next.do === 'schedule') {
            list.push({ time: next.time, id: scheduled.length });
            list.sort((left, right) => left.time - right.time || left.id - right.id);
            scheduled.push(queue.schedule(next.time, () => undefined));
          } else if (next.do === 'cancel') {
            const victim = scheduled[next.which];
            if (victim !== undefined) queue.cancel(victim);
            list = list.filter(({ id }) => id !== next.which);
          } else {
            const expected = list.shift();
            const popped = queue.pop();
            expect(popped === undefined ? undefined : scheduled.indexOf(popped)).toBe(expected?.id);
          }
          expect(queue.nextTime).toBe(list[0]?.time ?? Number.POSITIVE_INFINITY);
        }
      }),
      effort(200),
    );
  });
});
