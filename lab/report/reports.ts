/** The reports that a run was asked for: they prepare the machine, watch it, and are drawn, printed as JSON or written. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Machine } from '../../hw/machine.ts';
import type { Host } from '../cli/host.ts';
import type { RunPlan } from '../run/plan.ts';
import { drawGantt } from '../view/gantt.ts';
import { drawMemory } from '../view/memory-tables.ts';
import { drawMerits } from '../view/scheduling-tables.ts';
import { type GanttReport, ganttOf, ganttSvg } from './gantt.ts';
import type { ReportKind } from './kinds.ts';
import { type MemoryReport, MemoryReporter } from './memory-report.ts';
import { type Merits, meritsOf } from './merits.ts';
import { jobsCsv, slicesCsv } from './scheduling-csv.ts';
import { SliceRecorder } from './slices.ts';

/** The field `report` of `eddy run --json`: one field for each kind that was asked for. */
export interface ReportDocument {
  readonly memory?: MemoryReport;
  readonly scheduling?: Merits;
  readonly gantt?: GanttReport;
}

export class Reports {
  private readonly kinds: ReadonlySet<ReportKind>;
  private machine: Machine | undefined;
  private memory: MemoryReporter | undefined;
  private slices: SliceRecorder | undefined;

  constructor(kinds: readonly ReportKind[]) {
    this.kinds = new Set(kinds);
  }

  /** The plan with what the reports need of the machine. */
  prepared(plan: RunPlan): RunPlan {
    if (!this.kinds.has('memory')) return plan;
    return { ...plan, config: { ...plan.config, classifyMisses: true } };
  }

  /** Begins to watch a machine that has not run yet. */
  watch(machine: Machine): void {
    this.machine = machine;
    if (this.kinds.has('memory')) this.memory = new MemoryReporter(machine);
    if (this.kinds.has('scheduling') || this.kinds.has('gantt')) this.slices = new SliceRecorder(machine);
  }

  /** The run is over. */
  close(): void {
    this.slices?.close();
  }

  /** What has been found, as fields of a document. */
  document(): { readonly report: ReportDocument } {
    const { memory, slices, machine, kinds } = this;
    const harts = machine?.harts ?? 0;
    return {
      report: {
        ...(memory === undefined ? {} : { memory: memory.report() }),
        ...(slices !== undefined && kinds.has('scheduling')
          ? { scheduling: meritsOf({ ...seen(slices), harts }) }
          : {}),
        ...(slices !== undefined && kinds.has('gantt')
          ? { gantt: ganttOf(slices.slices, slices.period, harts) }
          : {}),
      },
    };
  }

  draw(host: Host): void {
    const { memory, scheduling, gantt } = this.document().report;
    const { machine } = this;
    if (machine !== undefined && memory !== undefined)
      host.out(drawMemory(memory, machine.now(), machine.config.hartsPerCore, host));
    if (scheduling !== undefined) host.out(drawMerits(scheduling, host));
    if (gantt !== undefined) host.out(drawGantt(gantt, host));
  }

  /** Writes the files of the reports into a folder. */
  write(folder: string, title: string): void {
    const { slices } = this;
    if (slices === undefined) return;
    const save = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
    const { gantt } = this.document().report;
    if (this.kinds.has('scheduling')) {
      save('jobs.csv', jobsCsv(slices.jobs));
      save('slices.csv', slicesCsv(slices.slices));
    }
    if (gantt !== undefined) save('gantt.svg', ganttSvg(gantt, title));
  }
}

const seen = ({ slices, jobs, period }: SliceRecorder) => ({ slices, jobs, period });
