/**
 * A guided run, as `npm start` shows it: the machine, its boot, the program's output, one page fault step by
 * step, and where the cycles went.
 */
import type { Host } from '../cli/host.ts';
import { machineSource } from '../trace/machine-source.ts';
import type { OpenSpan } from '../trace/span.ts';
import { SpanBuilder } from '../trace/span-builder.ts';
import { BootLog } from '../view/boot-log.ts';
import { drawCycles } from '../view/cycles-table.ts';
import { drawMachine } from '../view/machine-drawing.ts';
import { type Paint, paintFor } from '../view/paint.ts';
import { drawSpan } from '../view/span-tree.ts';
import { heading } from '../view/text.ts';
import { PARTS, type Part } from './parts.ts';
import type { RunPlan } from './plan.ts';
import type { RunResult } from './result.ts';
import type { RunObserver, RunSession } from './session.ts';

/** Faults that are looked at to find one worth drawing; then the tracing ends, and the run goes on faster. */
const FAULTS_LOOKED_AT = 40;

export class Guide {
  private readonly plan: RunPlan;
  private readonly parts: readonly Part[];
  private readonly host: Host;
  private readonly paint: Paint;
  private readonly faults: OpenSpan[] = [];
  private outputBegun = false;

  /** @param parts what to draw; everything if left out */
  constructor(plan: RunPlan, parts: readonly Part[] | undefined, host: Host) {
    this.plan = plan;
    this.parts = parts ?? PARTS;
    this.host = host;
    this.paint = paintFor(host);
  }

  /** Draws the output as it comes. */
  readonly observer: RunObserver = { line: (text) => this.output(text) };

  begin(session: RunSession): void {
    const { config, bare } = this.plan;
    if (this.shows('machine')) {
      this.heading('the machine');
      this.lines(drawMachine(config, this.paint));
    }
    if (bare) return;
    if (this.shows('boot')) this.logBoot(session);
    if (this.shows('fault')) this.collectFaults(session);
  }

  finish(session: RunSession, result: RunResult): void {
    const fault = mostTelling(this.faults);
    if (this.shows('fault') && fault !== undefined) {
      this.heading('one page fault, step by step');
      this.lines(drawSpan(fault, this.host.columns, this.paint));
    }
    if (this.shows('cycles')) {
      this.heading('where the cycles went');
      this.host.out(drawCycles(session.machine.counters, this.host, this.paint));
    }
    if (this.shows('checks') && result.checks.length > 0) {
      this.heading('checks');
      this.lines(
        result.checks.map(
          ({ id, ok, detail }) =>
            `${ok ? this.paint.good('✓') : this.paint.bad('✗')} ${id}  ${this.paint.dim(detail)}`,
        ),
      );
    }
    this.host.out('\n');
  }

  private logBoot({ machine }: RunSession): void {
    this.heading('the kernel boots');
    let detach = (): void => undefined;
    detach = machine.trace.attach(new BootLog(machine, this.host, () => detach()));
  }

  private collectFaults({ machine }: RunSession): void {
    let detach = (): void => undefined;
    const builder = new SpanBuilder(machineSource(machine), (root) => {
      if (root.kind === 'fault' && root.outcome === 'mapped') this.faults.push(root);
      if (this.faults.length >= FAULTS_LOOKED_AT) detach();
    });
    detach = machine.trace.attach(builder);
  }

  private output(text: string): void {
    if (!this.outputBegun && this.shows('boot')) this.heading(`${this.plan.program.name} says`);
    this.outputBegun = true;
    this.host.out(`${text}\n`);
  }

  private shows(part: Part): boolean {
    return this.parts.includes(part);
  }

  private heading(title: string): void {
    this.host.out(heading(title, this.host.columns, this.paint));
  }

  private lines(lines: readonly string[]): void {
    this.host.out(`${lines.join('\n')}\n`);
  }
}

/** The fault that passed through the most kinds of step; of those, the first. */
function mostTelling(faults: readonly OpenSpan[]): OpenSpan | undefined {
  const kinds = (span: OpenSpan): number => new Set(names(span)).size;
  let best: OpenSpan | undefined;
  for (const fault of faults) if (best === undefined || kinds(fault) > kinds(best)) best = fault;
  return best;
}

const names = (span: OpenSpan): string[] => [span.name, ...span.children.flatMap(names)];
