/** Page faults of the threads of one process, each in a region of its own, with one form of locking or the other. */
import { Machine } from '../../../hw/machine.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import { bootKernel, STEP } from '../../../kernel/index.ts';
import fault from '../../../userland/programs/fault.ts';
import { parameterWords } from '../../settings/parameters.ts';
import { configFor } from '../framework/bare-machine.ts';
import type { Row, Settings } from '../framework/experiment.ts';

export function measureLocking(scheme: string, harts: number, settings: Settings): Row {
  const pages = settings.parameters['pages'] as number;
  const config = configFor('cc-numa', { harts, set: { memoryPerNode: 4 << 20 } }, settings);
  const machine = new Machine(config);
  const spans = new Spans();
  machine.trace.attach(spans);
  const parameters = parameterWords(
    fault,
    new Map([
      ['pages', String(pages)],
      ['threads', String(harts)],
    ]),
  );
  bootKernel(machine, { entry: fault.entry, parameters, options: { locking: scheme } });
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
