/** What the detectors say of the zoo: of each bug in the execution that shows it, and of its correct twin in any. */
import { describe, expect, test } from 'vitest';
import { Detection, type DetectorId } from '../../../lab/detect/index.ts';
import { everyExecution } from '../../../lab/explore/every-execution.ts';
import { findFailure } from '../../../lab/explore/find-failure.ts';
import { PreemptionBound } from '../../../lab/explore/preemption-bound.ts';
import { executeBy, type Subject } from '../../../lab/explore/subject.ts';
import { ZOO } from '../../zoo/catalogue.ts';
import { subjectOf } from '../../zoo/subject.ts';

/** Which detectors speak up. Of a bug that is not here, none: its words are all used by atomic instructions or spins. */
const FOUND: Readonly<Record<string, readonly DetectorId[]>> = {
  L01: ['deadlock'],
  L03: ['lost-wakeups', 'races'],
  L04: ['races'],
  L05: ['races'],
  L06: ['lost-wakeups'],
  B02: ['lost-wakeups'],
  B03: ['lost-wakeups'],
  W01: ['lost-wakeups', 'races'],
  W04: ['lost-wakeups', 'races'],
  W05: ['races'],
  D01: ['lost-wakeups'],
  V04: ['races'],
  H01: ['races'],
  C01: ['races'],
  E01: ['races'],
  E03: ['races'],
  E06: ['races'],
  E07: ['races'],
  I02: ['races'],
  I03: ['races'],
  H03: ['races'],
};

/**
 * Correct twins that agree by plain loads and stores of words that they do not mark, which is a race by
 * definition: flags of their own, and the marks that their checks look at while others go on.
 */
const RACY_BY_DESIGN: ReadonlySet<string> = new Set(['B02', 'B03', 'W05', 'H01', 'C01', 'E01', 'E03', 'H03']);

const EXECUTIONS = process.env['EDDY_DEEP'] ? 2000 : 60;

describe.each(ZOO)('$id', (bug) => {
  test('the bug', () => {
    const subject = subjectOf(bug, 'faulty');
    const { failed } = findFailure(subject, new PreemptionBound(4), { schedules: 100_000 });
    const detections: Detection[] = [];
    executeBy(failed?.schedule ?? [], subject, (arbiter, machine) => {
      detections.push(new Detection(machine, { bare: true }));
      return arbiter;
    });
    const found = detections.flatMap((each) => each.finish(failed?.failure.invariant === 'deadlock'));
    expect([...new Set(found.map(({ detector }) => detector))].toSorted()).toEqual(FOUND[bug.id] ?? []);
  });

  test('its correct twin', () => {
    const speaking = detectorsThatSpeak(subjectOf(bug, 'correct'));
    expect([...speaking]).toEqual(RACY_BY_DESIGN.has(bug.id) ? ['races'] : []);
  });
});

function detectorsThatSpeak(subject: Subject): ReadonlySet<DetectorId> {
  const speaking = new Set<DetectorId>();
  let detection: Detection | undefined;
  everyExecution(
    () => {
      const { machine } = subject.start();
      detection = new Detection(machine, { bare: true });
      return machine;
    },
    (_machine, stop) => {
      for (const { detector } of detection?.finish(stop.kind === 'deadlock') ?? []) speaking.add(detector);
    },
    { steps: subject.steps, limit: EXECUTIONS },
  );
  return speaking;
}
