/**
 * Machines with a kernel and no process, for measuring kernel code: the kernel boots, its harts stop idling, and
 * programs run on them in supervisor mode with all that the kernel has set up.
 */
import type { MachineConfig } from '../../../hw/config.ts';
import { bootKernel, type KernelOptions } from '../../../kernel/index.ts';
import { BareMachine } from './bare-machine.ts';
import { NotMeasured } from './not-measured.ts';

export class KernelMachine extends BareMachine {
  /** @throws NotMeasured when the kernel does not fit the machine */
  constructor(config: MachineConfig, options: KernelOptions = {}) {
    super(config);
    try {
      bootKernel(this.machine, { options });
    } catch (error) {
      if (error instanceof RangeError) throw new NotMeasured(error.message);
      throw error;
    }
    const stop = this.machine.run();
    // Idle, and nothing will ever wake them.
    if (stop.kind !== 'deadlock') throw new Error(`the kernel did not boot: ${JSON.stringify(stop)}`);
    this.run(function* () {});
  }
}
