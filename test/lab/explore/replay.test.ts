import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { planRun } from '../../../lab/cli/run-options.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import { AnchorNamer } from '../../../lab/explore/anchor-namer.ts';
import type { Machine } from '../../../hw/machine.ts';
import { Recorder } from '../../../lab/explore/recorder.ts';
import { Replay } from '../../../lab/explore/replay.ts';
import type { Schedule } from '../../../lab/explore/schedule.ts';
import type { Subject } from '../../../lab/explore/subject.ts';
import { RunSession } from '../../../lab/run/session.ts';
import { OP } from '../../../hw/isa/op.ts';
import type { Arbiter } from '../../../hw/sequencer/arbiter.ts';
import { PLANTED, storeThenLook } from './planted.ts';

const DEFAULTS = { machine: 'smp', seed: 1, bare: true, maxSteps: 1e6, watchdog: 5 };
const SUBJECTS = [storeThenLook, ...PLANTED.flatMap(({ broken, correct }) => [broken, correct])];

/** The trace of an execution, byte by byte, and its schedule. */
function traced(
  subject: Subject,
  by: (machine: Machine) => Arbiter,
  isAnchored = false,
): { trace: string; schedule: Schedule } {
  const { machine } = subject.start();
  const arbiter = by(machine);
  const events: TraceEvent[] = [];
  machine.trace.attach({ instructions: true, event: (event) => void events.push(event) });
  const recorder = new Recorder(arbiter, machine.harts, isAnchored ? new AnchorNamer(machine) : undefined);
  machine.runArbitrated(recorder, subject.steps);
  return { trace: events.map((event) => JSON.stringify(event)).join('\n'), schedule: recorder.schedule };
}

test.each([
  ['by steps', false],
  ['by anchors', true],
])('replaying what was recorded gives the same trace, to the byte, %s', (_, isAnchored) => {
  fc.assert(
    fc.property(fc.constantFrom(...SUBJECTS), fc.nat(), (subject, seed) => {
      const first = traced(subject, () => new RandomArbiter(seed), isAnchored);
      // Were the steps of any use where there are anchors, these would lead it astray.
      const schedule = first.schedule.map((change) =>
        change.anchor === undefined ? change : { ...change, step: change.step + 1000 },
      );
      const again = traced(subject, (machine) => new Replay(schedule, machine), isAnchored);
      expect(again).toEqual(first);
    }),
    { numRuns: 60, seed: 3 },
  );
});

describe('a schedule that is not one of this program', () => {
  const subject = PLANTED[0]!.broken;
  const divergences = (schedule: Schedule): string[] => {
    const { machine } = subject.start();
    const replay = new Replay(schedule, machine);
    machine.runArbitrated(replay);
    return replay.divergences();
  };

  test('is followed as far as it can be, and told where not', () => {
    expect(divergences([{ step: 5, actor: 0 }])).toEqual(['5>h0: h0 cannot act; went on with h1']);
    expect(divergences([{ step: 90, actor: 1 }])).toEqual(['ended after 6 steps, before 90>h1']);
  });

  test('says so of anchors that are never reached, have moved, or find their actor unable', () => {
    const load = { actor: 0, op: OP.load, address: 0x2000, times: 1 };
    expect(divergences([{ step: 1, actor: 1, anchor: { ...load, times: 2 } }])).toEqual([
      '1@h0:load.2000#2>h1 is passed over: h0:load.2000#2 was never reached',
    ]);
    expect(divergences([{ step: 4, actor: 1, anchor: load }])).toEqual([
      '4@h0:load.2000>h1 was made at step 1',
    ]);
    expect(divergences([{ step: 5, actor: 0, anchor: { ...load, actor: 1, op: OP.store } }])).toEqual([
      '5@h1:store.2000>h0: h0 cannot act; went on with h1',
    ]);
    const twice = { step: 2, actor: 0, anchor: load };
    expect(divergences([{ step: 1, actor: 1 }, twice])).toEqual([
      '2@h0:load.2000>h0 is passed over: another switch was made there',
    ]);
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
  expect(recorder.steps).toBeGreaterThan(10_000);
  expect(replayed.replay?.divergences()).toEqual([]);
  expect(replayed.machine.counters.values).toEqual(recorded.machine.counters.values);
  expect(replayed.output).toEqual(recorded.output);
});
