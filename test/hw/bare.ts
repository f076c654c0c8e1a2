/** Runs single procedures in supervisor mode, without a kernel. */
import type { MachineConfig } from '../../hw/config.ts';
import { expect } from 'vitest';
import { type Code, csrRead, csrWrite, supervisorReturn } from '../../hw/isa/index.ts';
import { Machine, type Stop } from '../../hw/machine.ts';
import { small } from './machines.ts';

export interface BareRun {
  readonly machine: Machine;
  readonly stop: Stop;
}

/** Runs one procedure per hart to the end. */
export function runBare(
  programs: readonly (() => Code<number | void>)[],
  config: MachineConfig = small(),
): BareRun {
  const machine = new Machine(config);
  for (const [hart, program] of programs.entries()) machine.start(hart, program);
  return { machine, stop: machine.run() };
}

/** A trap as the handler saw it. */
export interface SeenTrap {
  readonly cause: number;
  readonly value: number;
}

/**
 * Sets a handler that notes each trap and completes the trapped instruction with −1 (interrupts are cleared, and
 * what they interrupted is issued again).
 */
export function* noteTraps(machine: Machine, seen: SeenTrap[]): Code {
  yield csrWrite(
    'stvec',
    machine.code.addressOf(function* handler() {
      const cause = yield csrRead('scause');
      seen.push({ cause, value: yield csrRead('stval') });
      if (cause >= 0) {
        yield csrWrite('sresult', -1);
      } else {
        yield csrWrite('sip', 0);
        yield csrWrite('stimecmp', 0);
      }
      yield supervisorReturn();
    }),
  );
}

/** Runs a procedure in supervisor mode, with every trap noted and completed with −1. */
export function withTraps(
  program: (soFar: readonly SeenTrap[]) => Code,
  config = small(),
): { seen: SeenTrap[]; machine: Machine } {
  const machine = new Machine(config);
  const seen: SeenTrap[] = [];
  machine.start(0, function* run() {
    yield* noteTraps(machine, seen);
    yield* program(seen);
  });
  expect(machine.run()).toEqual({ kind: 'finished' });
  return { seen, machine };
}
