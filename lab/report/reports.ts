/** The reports that a run was asked for: they prepare the machine, watch it, and are drawn or printed as JSON. */
import type { Machine } from '../../hw/machine.ts';
import type { Host } from '../cli/host.ts';
import type { RunPlan } from '../run/plan.ts';
import { drawMemory } from '../view/memory-tables.ts';
import type { ReportKind } from './kinds.ts';
import { type MemoryReport, MemoryReporter } from './memory-report.ts';

/** The field `report` of `eddy run --json`: one field for each kind that was asked for. */
export interface ReportDocument {
  readonly memory?: MemoryReport;
}

export class Reports {
  private readonly kinds: readonly ReportKind[];
  private machine: Machine | undefined;
  private memory: MemoryReporter | undefined;

  constructor(kinds: readonly ReportKind[]) {
    this.kinds = kinds;
  }

  /** The plan with what the reports need of the machine. */
  prepared(plan: RunPlan): RunPlan {
    if (!this.kinds.includes('memory')) return plan;
    return { ...plan, config: { ...plan.config, classifyMisses: true } };
  }

  /** Begins to watch a machine that has not run yet. */
  watch(machine: Machine): void {
    this.machine = machine;
    if (this.kinds.includes('memory')) this.memory = new MemoryReporter(machine);
  }

  /** What has been found, as fields of a document. */
  document(): { readonly report: ReportDocument } {
    return { report: this.memory === undefined ? {} : { memory: this.memory.report() } };
  }

  draw(host: Host): void {
    const { machine, memory } = this;
    if (machine === undefined || memory === undefined) return;
    host.out(drawMemory(memory.report(), machine.now(), machine.config.hartsPerCore, host));
  }
}
