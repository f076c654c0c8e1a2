/** A run of random programs on a small machine, with everything that its trace shows. */
import type { MachineConfig } from '../../hw/config.ts';
import { Machine, type Stop } from '../../hw/machine.ts';
import type { TraceEvent } from '../../hw/trace/event.ts';
import { type Access, addressOfWord, perform } from '../hw/random-access.ts';
import { record } from '../hw/record.ts';

export interface Running {
  readonly machine: Machine;
  readonly events: readonly TraceEvent[];
  /** Goes on for some steps; gives whether there is more to do. */
  go(steps?: number): boolean;
  stop(): Stop | undefined;
}

/** Starts one program per hart; a machine with more harts uses the programs in turn. */
export function startRandom(config: MachineConfig, programs: readonly (readonly Access[])[]): Running {
  const machine = new Machine(config);
  const { events } = record(machine);
  for (let hart = 0; hart < machine.harts; hart++) {
    machine.start(hart, function* interpreter() {
      for (const access of programs[hart % programs.length] ?? []) {
        yield* perform(access, addressOfWord(config, access.word));
      }
    });
  }
  let stop: Stop | undefined;
  return {
    machine,
    events,
    go(steps = Number.POSITIVE_INFINITY) {
      stop = machine.run({ instructions: steps });
      return stop.kind === 'budget';
    },
    stop: () => stop,
  };
}
