import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { planRun } from '../../../lab/cli/run-options.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import { Recorder } from '../../../lab/explore/recorder.ts';
import { Replay } from '../../../lab/explore/replay.ts';
import type { Schedule } from '../../../lab/explore/schedule.ts';
import type { Subject } from '../../../lab/explore/subject.ts';
import { RunSession } from '../../../lab/run/session.ts';
import type { Arbiter } from '../../../hw/sequencer/arbiter.ts';
import { PLANTED, storeThenLook } from './planted.ts';

const DEFAULTS = { machine: 'smp', seed: 1, bare: true, maxSteps: 1e6, watchdog: 5 };
const SUBJECTS = [storeThenLook, ...PLANTED.flatMap(({ broken, correct }) => [broken, correct])];

/** The trace of an execution, byte by byte, and its schedule. */
function traced(subject: Subject, arbiter: Arbiter): { trace: string; schedule: Schedule } {
  const { machine } = subject.start();
  const events: TraceEvent[] = [];
  machine.trace.attach({ instructions: true, event: (event) => void events.push(event) });
  const recorder = new Recorder(arbiter, machine.harts);
  machine.runArbitrated(recorder, subject.steps);
  return { trace: events.map((event) => JSON.stringify(event)).join('\n'), schedule: recorder.schedule };
}

test('replaying what was recorded gives the same trace, to the byte', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SUBJECTS), fc.nat(), (subject, seed) => {
      const { harts } = subject.start().machine;
      const first = traced(subject, new RandomArbiter(seed));
      expect(traced(subject, new Replay(first.schedule, harts))).toEqual(first);
    }),
    { numRuns: 60, seed: 3 },
  );
});

describe('a schedule that is not one of this program', () => {
  const subject = PLANTED[0]!.broken;
  const divergences = (schedule: Schedule): string[] => {
    const replay = new Replay(schedule, 2);
    subject.start().machine.runArbitrated(replay);
    return replay.divergences();
  };

  test('is followed as far as it can be, and told where not', () => {
    expect(divergences([{ step: 5, actor: 0 }])).toEqual([
      "at step 5 h0 cannot act; went on with whoever's turn it was",
    ]);
    expect(divergences([{ step: 90, actor: 1 }])).toEqual(['ended after 6 steps, before 90>h1']);
  });

  test('is none when every switch was made', () => {
    expect(divergences([{ step: 1, actor: 1 }])).toEqual([]);
  });
});

test('a run in slices follows a long schedule, too', async () => {
  const plan = await planRun('tour', { ...DEFAULTS, harts: 8, set: new Map([['rounds', '100']]) });
  const recorded = new RunSession(plan);
  recorded.start();
  const recorder = new Recorder(new RandomArbiter(1), recorded.machine.harts);
  const stop = recorded.machine.runArbitrated(recorder, DEFAULTS.maxSteps);
  const replayed = new RunSession({ ...plan, schedule: recorder.schedule });
  expect(replayed.run()).toEqual(recorded.ended(stop));
  expect(recorder.steps).toBeGreaterThan(20_000);
  expect(replayed.replay?.divergences()).toEqual([]);
  expect(replayed.machine.counters.values).toEqual(recorded.machine.counters.values);
  expect(replayed.output).toEqual(recorded.output);
});
