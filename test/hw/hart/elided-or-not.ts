/**
 * Runs of spinning programs, once with spins elided and once with each poll executed: everything that can be
 * compared of the two must be the same.
 */
import { expect } from 'vitest';
import type { MachineConfig } from '../../../hw/config.ts';
import { COUNTERS } from '../../../hw/counters.ts';
import { Machine } from '../../../hw/machine.ts';
import { admitInterrupts, goThrough, nudge, refuseInterrupts, type Round } from './spin-rounds.ts';

/** Starts programs on the harts of a machine; `see` notes what they saw. */
export type Start = (machine: Machine, see: (hart: number, value: number) => void) => void;

/** Everything that can be compared of a run. */
function outcome(config: MachineConfig, start: Start) {
  const machine = new Machine(config);
  const seen: number[][] = Array.from({ length: machine.harts }, () => []);
  start(machine, (hart, value) => void seen[hart]?.push(value));
  const stop = machine.run({ cycles: 2_000_000 });
  const harts = Array.from({ length: machine.harts }, (_, hart) => ({
    clock: machine.clock(hart),
    counters: Object.fromEntries(COUNTERS.map(({ name }) => [name, machine.counters.get(hart, name)])),
    seen: seen[hart],
  }));
  const memory = Array.from({ length: 0x3000 }, (_, word) => machine.peek(4 * word));
  return {
    stop,
    harts,
    memory: memory.join(),
    lines: machine.caches.line.join(),
    states: machine.caches.state.join(),
  };
}

/** Expects a run with elided spins to equal one without. */
export function expectSame(config: MachineConfig, start: Start): void {
  const bruteForce = outcome({ ...config, elideSpins: false }, start);
  expect(bruteForce.stop).toEqual({ kind: 'finished' });
  expect(outcome({ ...config, elideSpins: true }, start)).toEqual(bruteForce);
}

/** All harts go through the same rounds, with a timer interrupt every so many cycles (0: none). */
export const startRounds =
  (plan: readonly Round[], interruptsEvery = 0): Start =>
  (machine, see) => {
    const { harts } = machine;
    for (let hart = 0; hart < harts; hart++) {
      machine.start(hart, function* program() {
        if (interruptsEvery > 0) yield* admitInterrupts(machine, interruptsEvery + hart);
        yield* goThrough(hart, harts, plan, (value) => see(hart, value));
        if (interruptsEvery > 0) {
          yield* nudge(hart, harts, 2);
          yield* goThrough(
            hart,
            harts,
            plan.slice(-1).map((round) => ({ ...round, meeting: 'noise' as const })),
            () => undefined,
          );
          yield* refuseInterrupts();
        }
      });
    }
  };
