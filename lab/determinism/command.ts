/** Carries out `eddy check-determinism`. */
import { causeName } from '../../hw/isa/trap.ts';
import { opName } from '../../hw/isa/op.ts';
import type { TraceEvent } from '../../hw/trace/event.ts';
import { EXIT } from '../cli/exit.ts';
import type { Host } from '../cli/host.ts';
import type { RunPlan } from '../run/plan.ts';
import { progressFor } from '../view/progress-bar.ts';
import { compareRuns } from './compare.ts';

/** Runs the plan twice; gives the exit status. */
export async function checkDeterminism(
  plan: RunPlan,
  options: { json?: boolean },
  host: Host,
): Promise<number> {
  const { program, config } = plan;
  const bar = progressFor(host, `comparing two runs of ${program.name}`, plan.limits.steps);
  const { events, difference, end } = compareRuns(plan, (steps) => bar.update(steps));
  bar.done();
  const deterministic = difference === null;
  if (options.json) {
    const { preset, seed } = config;
    const document = { program: program.name, machine: preset, seed, deterministic, events, end, difference };
    host.out(`${JSON.stringify(document, null, 2)}\n`);
  } else if (deterministic) {
    host.out(
      `${program.name}: two runs with seed ${config.seed} are the same in all ${events.toLocaleString('en')} events\n`,
    );
  } else {
    host.out(
      `${program.name}: two runs with seed ${config.seed} differ first at event ${difference.index}\n`,
    );
    host.out(`  first:  ${describeEvent(difference.first)}\n  second: ${describeEvent(difference.second)}\n`);
  }
  return deterministic ? EXIT.ok : EXIT.checkFailed;
}

/** An event in one line, with names where it has numbers. */
export function describeEvent(event: TraceEvent | null): string {
  if (event === null) return 'no event: the run had ended';
  const { kind, cycle, ...rest } = event;
  const fields = Object.entries(rest).map(([key, value]) => {
    if (key === 'op') return `${key} ${opName(value as number)}`;
    return key === 'cause' ? `${key} ${causeName(value as number)}` : `${key} ${String(value)}`;
  });
  return `cycle ${cycle}: ${kind}, ${fields.join(', ')}`;
}
