import { describe, expect, test } from 'vitest';
import lostUpdate from '../../../docs/book/02-testing-concurrency/lost-update.ts';
import { MESI } from '../../../hw/coherence/mesi.ts';
import { type Code, flush, load, mark, MARK, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import type { Subject } from '../../../lab/explore/subject.ts';
import { expectEverySchedule, expectNoFailure, explore } from '../../../lab/testing/explore.ts';
import { coherence } from '../../../lab/testing/invariants/coherence.ts';
import { mutualExclusion } from '../../../lab/testing/invariants/mutual-exclusion.ts';
import { small } from '../../hw/machines.ts';

describe('a program', () => {
  test('that fails is told with the smallest schedule and the last steps of each hart', () => {
    expect(() => expectNoFailure(lostUpdate)).toThrow(
      /^check total failed: counted 1 of 2\nschedule: 4>h1 \(1 preemption\)\nlast steps of hart 0:\n(?: +\d+ .*\n)+last steps of hart 1:\n/,
    );
    const { failure } = explore(lostUpdate);
    expect(failure).toMatchObject({ invariant: 'check.total', text: '4>h1', preemptions: 1 });
  });

  test('that does not fail says how far that goes', () => {
    const { exhausted, covered, failure } = expectNoFailure(lostUpdate, {
      parameters: { atomic: 1 },
      depth: 1,
    });
    expect({ exhausted, covered, failure }).toEqual({
      exhausted: true,
      covered: 'every schedule with at most 1 preemption',
      failure: undefined,
    });
  });

  test('is run in every schedule', () => {
    const { schedules, covered } = expectEverySchedule(lostUpdate, { parameters: { atomic: 1 } });
    expect(schedules).toBeGreaterThan(1);
    expect(covered).toContain('every schedule');
    expect(() => expectEverySchedule(lostUpdate)).toThrow('counted 1 of 2');
    expect(() => expectEverySchedule(lostUpdate, { parameters: { atomic: 1 }, schedules: 1 })).toThrow(
      '1 schedules were run, and there are more',
    );
  });

  test('under the kernel is searched, and not promised to be searched wholly', () => {
    expect(() => expectEverySchedule(lostUpdate, { bare: false })).toThrow('use expectNoFailure');
    const { schedules } = expectNoFailure(lostUpdate, { bare: false, strategy: 'random', schedules: 3 });
    expect(schedules).toBe(3);
  });
});

const LOCK = 0x1000;

/** A subject that nothing is wrong with by its own judgement. */
const bare = (program: (hart: number) => Code, protocol = MESI): Subject => ({
  steps: 200,
  start() {
    const machine = new Machine(small({ preset: 'smp', coresPerNode: 2 }), { protocol });
    for (let hart = 0; hart < 2; hart++) machine.start(hart, program, hart);
    return { machine, judge: () => undefined };
  },
});

describe('invariants', () => {
  const takes = bare(function* () {
    if ((yield load(LOCK)) !== 0) return;
    yield store(LOCK, 1);
    yield mark(MARK.lockAcquired, LOCK);
    yield load(LOCK);
    yield mark(MARK.lockReleased, LOCK);
    yield store(LOCK, 0);
  });

  test('are held against every schedule: a lock that lets two in', () => {
    expect(explore(takes).failure).toBeUndefined();
    const { failure } = explore(takes, { invariants: [mutualExclusion] });
    expect(failure).toMatchObject({ invariant: 'invariant.mutual-exclusion', preemptions: 2 });
    expect(failure?.message).toContain('acquires lock 0x1000');
  });

  test('are asked between the steps, not only at the end', () => {
    // Both have the line alone and dirty for a moment; in the end no cache holds it.
    const wrong = MESI.map((row) =>
      row.state === 'M' && row.event === 'remoteLoad' ? { ...row, next: 'M' as const } : row,
    );
    const reads = (protocol: typeof MESI): Subject =>
      bare(function* (hart) {
        if (hart === 0) yield store(LOCK, 1);
        else yield load(LOCK);
        yield flush(LOCK);
      }, protocol);
    expect(explore(reads(MESI), { invariants: [coherence] }).failure).toBeUndefined();
    expect(explore(reads(wrong), { invariants: [coherence] }).failure).toMatchObject({
      invariant: 'invariant.coherence',
      preemptions: 1,
    });
  });
});
