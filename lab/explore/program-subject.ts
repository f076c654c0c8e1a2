/**
 * A program as the subject of a search: what `eddy run` would exit with says what broke. The kernel boots in time,
 * and schedules begin with the program.
 */
import type { Stop } from '../../hw/machine.ts';
import { EXIT } from '../cli/exit.ts';
import { collectChecks } from '../run/checks.ts';
import { type Ending, verdictOf } from '../run/ending.ts';
import { brokenInvariants } from '../run/invariants.ts';
import type { RunPlan } from '../run/plan.ts';
import { RunSession } from '../run/session.ts';
import type { Failure, Subject } from './subject.ts';

/** The names of endings that are failures by themselves. */
const INVARIANT: Readonly<Record<Ending['kind'], string>> = {
  exited: 'status',
  finished: 'status',
  powerLost: 'power',
  budget: 'steps',
  deadlock: 'deadlock',
  panic: 'panic',
  crashed: 'crash',
  runaway: 'runaway',
};

/** @throws UsageError when it is started, if the program has no bare form */
export const programSubject = (plan: RunPlan): Subject => ({
  steps: plan.limits.steps,
  start() {
    const session = new RunSession(plan);
    session.boot();
    return { machine: session.machine, judge: (stop) => failureOf(session, stop) };
  },
});

function failureOf(session: RunSession, stop: Stop): Failure | undefined {
  const ending = session.ended(stop);
  const { bare, program } = session.plan;
  const [broken] = bare ? [] : brokenInvariants(session.machine, ending);
  if (broken !== undefined)
    return { invariant: broken.id, message: `${broken.id} is broken: ${broken.detail}` };
  const { status, message = '' } = verdictOf(ending, program.name);
  const failure = { invariant: INVARIANT[ending.kind], message };
  if (status > EXIT.checkFailed) return failure;
  const failed = collectChecks(session.output, bare ? [] : program.checks).find((check) => !check.ok);
  if (failed !== undefined) {
    const { id, detail } = failed;
    return { invariant: `check.${id}`, message: `check ${id} failed${detail === '' ? '' : `: ${detail}`}` };
  }
  return status === EXIT.ok ? undefined : failure;
}
