/**
 * Determinism: the same configuration, program and seed give the same trace, to the byte. Two machines are built and run
 * side by side in this process, so that a program which keeps state outside its machine is found out, too.
 */
import { describeEvent } from '../determinism/command.ts';
import { compareRecorded, type Comparison, type Recorded, type Slice } from '../determinism/compare.ts';
import { Recorder } from '../determinism/recorder.ts';
import type { Machine } from '../../hw/machine.ts';

const MOST_STEPS = 20_000_000;

/**
 * Builds two machines, runs both, and compares every event of their traces, instructions included.
 * @param build makes a machine with its programs started; nothing has run
 * @param options `steps`: steps of each run at most
 * @returns how many events were compared, and how the runs ended
 * @throws Error that names the first event at which the runs part
 */
export function expectDeterministic(
  build: () => Machine,
  options: { readonly steps?: number } = {},
): Comparison {
  const runs = [new RecordedMachine(build()), new RecordedMachine(build())] as const;
  const comparison = compareRecorded(runs, options.steps ?? MOST_STEPS);
  const { difference } = comparison;
  if (difference === null) return comparison;
  const { index, first, second } = difference;
  throw new Error(
    `two runs differ first at event ${index}\n  first:  ${describeEvent(first)}\n  second: ${describeEvent(second)}`,
  );
}

class RecordedMachine implements Recorded {
  private readonly machine: Machine;
  private readonly recorder = new Recorder();

  constructor(machine: Machine) {
    this.machine = machine;
    machine.trace.attach(this.recorder);
  }

  run(instructions: number): Slice {
    const { kind: end } = this.machine.run({ instructions });
    return { events: this.recorder.take(), end };
  }
}
