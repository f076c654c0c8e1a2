/** Harts that act one after the other, far enough apart that what one does is over before the next begins. */
import { expect } from 'vitest';
import { DISK } from '../../hw/address-map.ts';
import { STATE } from '../../hw/coherence/protocol.ts';
import type { CounterName } from '../../hw/counters.ts';
import { type Code, csrRead, store, work } from '../../hw/isa/index.ts';
import type { Machine } from '../../hw/machine.ts';

const APART = 10_000;

/** What a hart does at its turn. */
export type Turn = readonly [hart: number, program: () => Code<number | void>];

/** Lets harts act one after the other, and the machine come to its end; gives what each turn gave. */
export function takeTurns(machine: Machine, ...turns: readonly Turn[]): (number | undefined)[] {
  const gave: (number | undefined)[] = turns.map(() => undefined);
  const begin = machine.now();
  for (let hart = 0; hart < machine.harts; hart++) {
    if (!turns.some(([who]) => who === hart)) continue;
    machine.start(hart, function* program() {
      for (const [index, [who, act]] of turns.entries()) {
        if (who !== hart) continue;
        yield work(begin + (index + 1) * APART - (yield csrRead('time')));
        gave[index] = (yield* act()) as number | undefined;
      }
    });
  }
  expect(machine.run()).toEqual({ kind: 'finished' });
  return gave;
}

/** One instruction as a turn: its value. `make` builds it when the turn has come. */
export const once = (make: () => ReturnType<typeof store>) =>
  function* (): Code<number> {
    return yield make();
  };

/** How many cycles an instruction takes, as a turn. */
export const cyclesOf = (make: () => ReturnType<typeof store>) =>
  function* (): Code<number> {
    const start = yield csrRead('time');
    yield make();
    return (yield csrRead('time')) - start - 1;
  };

/** Has the disk transfer one block and waits until it has, as a turn. */
export const transfer = (command: number, block: number, address: number) =>
  function* (): Code {
    yield store(DISK.ADDRESS, address);
    yield store(DISK.BLOCK, block);
    yield store(DISK.COUNT, 1);
    yield store(DISK.COMMAND, command);
    yield work(5000);
  };

/** The states of an address's line in the caches of all cores. */
export const statesOf = ({ caches, state }: Machine, address: number): string[] =>
  Array.from({ length: state.cores }, (_, core) => {
    const slot = caches.locate(core, address >>> caches.lineShift);
    const number = slot < 0 ? STATE.I : (caches.state[slot] as number);
    return Object.entries(STATE).find(([, value]) => value === number)?.[0] ?? '?';
  });

/** A counter of every hart. */
export const countsOf = (machine: Machine, name: CounterName): number[] =>
  Array.from({ length: machine.harts }, (_, hart) => machine.counters.get(hart, name));
