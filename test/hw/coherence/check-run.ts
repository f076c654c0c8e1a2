/**
 * Runs random programs on a machine one instruction at a time, and after each looks whether the invariants of
 * coherence hold and whether memory is what the instructions, in their global order, make it.
 */
import type { Transition } from '../../../hw/coherence/transition.ts';
import type { MachineConfig } from '../../../hw/config.ts';
import { OP } from '../../../hw/isa/op.ts';
import { Machine } from '../../../hw/machine.ts';
import { type Access, addressOfWord, perform, WORDS } from '../random-access.ts';
import { record } from '../record.ts';
import { brokenInvariantsOf } from '../../../hw/coherence/broken-invariants.ts';
import { ReferenceMemory } from './reference-memory.ts';

export interface Choice {
  readonly config: MachineConfig;
  /** One program per hart, used in turn. */
  readonly programs: readonly (readonly Access[])[];
  readonly protocol?: readonly Transition[];
  /** Damages the machine before it runs. */
  readonly damage?: (machine: Machine) => void;
}

/** More than any of the programs takes. */
const MOST_STEPS = 5000;

/** What was first found to be wrong, or undefined. */
export function firstFlaw({ config, programs, protocol, damage }: Choice): string | undefined {
  const machine = new Machine(config, protocol === undefined ? {} : { protocol });
  damage?.(machine);
  const { instructions } = record(machine);
  const reference = new ReferenceMemory(config.l1.line);
  const addresses = Array.from({ length: WORDS }, (_, word) => addressOfWord(config, word));
  const lines = new Set(addresses.map((address) => Math.floor(address / config.l1.line)));
  /** What each hart's last instruction gave, as its program saw it. */
  let seen: number | undefined;
  for (let hart = 0; hart < machine.harts; hart++) {
    const program = programs[hart % programs.length] ?? [];
    machine.start(hart, function* interpreter() {
      for (const access of program) seen = yield* perform(access, addressOfWord(config, access.word));
    });
  }
  const expected = new Map<number, number>();
  for (let step = 0; ; step++) {
    if (step > MOST_STEPS) return 'the machine does not come to an end';
    seen = undefined;
    const stop = machine.run({ instructions: 1 });
    const issued = instructions.pop();
    const acted = issued?.hart ?? -1;
    // The result of a hart's last instruction comes back when its next one is fetched.
    const due = expected.get(acted);
    if (seen !== undefined && due !== undefined && seen !== due)
      return `hart ${acted} read ${seen}, not ${due}`;
    if (issued === undefined) {
      if (stop.kind === 'finished') return undefined;
      if (stop.kind !== 'budget') return `the machine stopped: ${JSON.stringify(stop)}`;
      continue;
    }
    if (issued.op === OP.storeConditional) {
      const wrote = machine.peek(issued.a) === issued.b && reference.word(issued.a) !== issued.b;
      // Where the word had the value before, both outcomes look the same: take what comes back later.
      if (reference.word(issued.a) === issued.b) expected.delete(acted);
      else expected.set(acted, wrote ? 0 : 1);
      if (!reference.applyConditional(issued, wrote ? 0 : 1))
        return `hart ${acted} wrote without a reservation`;
    } else {
      expected.set(acted, reference.apply(issued));
    }
    const [broken] = brokenInvariantsOf(machine, lines);
    if (broken !== undefined) return broken;
    for (const address of addresses) {
      const value = machine.peek(address);
      if (value !== reference.word(address))
        return `word ${address} is ${value}, not ${reference.word(address)}`;
    }
  }
}
