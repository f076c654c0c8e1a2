/** A machine without a kernel on which harts act when they are told to, one instruction at a time. */
import type { Instruction } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { type PresetChoice, presetConfig } from '../../../hw/presets.ts';

export interface Act {
  readonly hart: number;
  /** Makes the instruction: a record that all share, so it must be made when the hart asks for it. */
  readonly what: () => Instruction;
}

export class OneAtATime {
  readonly machine: Machine;

  constructor(preset: string, choice: PresetChoice) {
    this.machine = new Machine(presetConfig(preset, choice));
  }

  /** Lets one hart execute an instruction; gives what it got and how long it took. */
  do(hart: number, what: () => Instruction): { value: number; cycles: number } {
    const [result] = this.together([{ hart, what }]);
    return result as { value: number; cycles: number };
  }

  /** Lets several harts execute an instruction each, beginning at the same cycle, when the machine is idle. */
  together(acts: readonly Act[]): { value: number; cycles: number }[] {
    const { machine } = this;
    const start = machine.now() + 1000;
    const values = acts.map(() => 0);
    acts.forEach(({ hart, what }, index) => {
      machine.state.clock[hart] = start;
      machine.start(hart, function* () {
        values[index] = yield what();
      });
    });
    machine.run();
    return acts.map(({ hart }, index) => ({
      value: values[index] as number,
      cycles: machine.clock(hart) - start,
    }));
  }
}
