/** Carries out `eddy trace`: the spans of a run as trees, or as one JSON document. */
import type { Host } from '../cli/host.ts';
import { EXIT } from '../cli/exit.ts';
import { type Ending, verdictOf } from '../run/ending.ts';
import type { RunPlan } from '../run/plan.ts';
import { RunSession } from '../run/session.ts';
import { paintFor } from '../view/paint.ts';
import { progressFor } from '../view/progress-bar.ts';
import { drawSpan } from '../view/span-tree.ts';
import { drawSums } from '../view/sum-tree.ts';
import { count, heading } from '../view/text.ts';
import { CallSpans } from './call-spans.ts';
import { machineSource } from './machine-source.ts';
import { finishedSpan } from './span.ts';
import { SpanBuilder } from './span-builder.ts';
import { SpanCollector } from './span-collector.ts';
import type { RootKind } from './span-kinds.ts';

export interface TraceOptions {
  readonly kind: RootKind;
  readonly limit?: number;
  readonly json?: boolean;
}

const SHOWN_ON_TERMINAL = 3;

/** Runs the plan and shows its spans; gives the exit status. */
export async function trace(plan: RunPlan, options: TraceOptions, host: Host): Promise<number> {
  const { kind, json = false } = options;
  const limit = options.limit ?? (json ? Number.POSITIVE_INFINITY : SHOWN_ON_TERMINAL);
  const collector = new SpanCollector(kind, limit);
  const bar = progressFor(host, `tracing ${plan.program.name}`, plan.limits.steps);
  const session = new RunSession(plan, { progress: (steps) => bar.update(steps) });
  const { machine } = session;
  let builder: SpanBuilder | undefined;
  const calls = new CallSpans(
    (onRoot) => (builder = new SpanBuilder(machineSource(machine), onRoot)),
    (root) => collector.add(root),
  );
  machine.trace.attach(calls);
  const ending = session.run();
  builder?.finish(machine.now());
  bar.done();
  for (const where of session.replay?.divergences() ?? []) host.err(`eddy: replay: ${where}\n`);
  if (json) printJson(session, collector, ending, kind, host);
  else drawTrees(session, collector, kind, host);
  const verdict = verdictOf(ending, plan.program.name);
  if (verdict.message !== undefined) host.err(`eddy: ${verdict.message}\n`);
  return verdict.status;
}

function printJson(
  { machine, plan }: RunSession,
  collector: SpanCollector,
  ending: Ending,
  kind: RootKind,
  host: Host,
): void {
  const { program, config } = plan;
  const spans = collector.kept.map((span) => finishedSpan(span, (hart) => machine.nodeOf(hart)));
  const exit = verdictOf(ending, program.name);
  const { preset, nodes, seed } = config;
  const head = {
    program: program.name,
    machine: preset,
    harts: machine.harts,
    nodes,
    seed,
    kind,
    count: collector.count,
    exit,
  };
  host.out(`${JSON.stringify({ ...head, ok: exit.status === EXIT.ok, spans }, null, 2)}\n`);
}

function drawTrees({ plan }: RunSession, collector: SpanCollector, kind: RootKind, host: Host): void {
  const paint = paintFor(host);
  const { columns } = host;
  const total = collector.count;
  if (total === 0) {
    host.out(`${plan.program.name}: no ${kind} in this run\n`);
    return;
  }
  const { kept, sums } = collector;
  if (kept.length > 0) host.out(heading(`${kept.length} of ${count(total)} (${kind})`, columns, paint));
  for (const root of kept) host.out(`${drawSpan(root, columns, paint).join('\n')}\n\n`);
  host.out(heading(`all ${count(total)} (${kind}), mean cycles of each step`, columns, paint));
  host.out(`${drawSums(sums, columns, paint).join('\n')}\n`);
}
