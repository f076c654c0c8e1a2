/** The program `fault` under a kernel, and how long its page faults take: what several experiments measure. */
import { Machine } from '../../../hw/machine.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import { bootKernel, type KernelOptions, STEP } from '../../../kernel/index.ts';
import fault from '../../../userland/programs/fault.ts';
import { parameterWords } from '../../settings/parameters.ts';
import { configFor } from './bare-machine.ts';
import type { Row, Settings } from './experiment.ts';

export interface FaultRun {
  readonly harts: number;
  readonly options: KernelOptions;
  /** Parameters of the program, as they are written. */
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** Runs it on cc-numa; gives how many page faults there were, and the cycles of one, from the trap to the return. */
export function measureFaults({ harts, options, parameters }: FaultRun, settings: Settings): Row {
  const config = configFor('cc-numa', { harts, set: { memoryPerNode: 4 << 20 } }, settings);
  const machine = new Machine(config);
  const spans = new Spans();
  machine.trace.attach(spans);
  const texts = Object.entries(parameters).map(([name, value]) => [name, String(value)] as const);
  bootKernel(machine, { entry: fault.entry, parameters: parameterWords(fault, new Map(texts)), options });
  const stop = machine.run();
  if (stop.kind !== 'halted' || stop.status !== 0)
    throw new Error(`the program failed: ${JSON.stringify(stop)}`);
  return { faults: spans.count, perFault: spans.cycles / spans.count };
}

/** Adds up how long page faults take, from the trap to the return. */
class Spans {
  count = 0;
  cycles = 0;
  private readonly begun = new Map<number, number>();

  event(event: TraceEvent): void {
    if ((event.kind !== 'enter' && event.kind !== 'leave') || event.step !== STEP.pageFault) return;
    if (event.kind === 'enter') {
      this.begun.set(event.context, event.cycle);
      return;
    }
    this.count++;
    this.cycles += event.cycle - (this.begun.get(event.context) ?? event.cycle);
  }
}
