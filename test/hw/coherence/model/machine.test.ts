/** The machine does what the model says: the same happenings leave the same states in its caches. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATES } from '../../../../hw/coherence/transition.ts';
import { type Code, flush, load, store } from '../../../../hw/isa/index.ts';
import { Machine } from '../../../../hw/machine.ts';
import { effort } from '../../effort.ts';
import { small } from '../../machines.ts';
import { firstState, type Size } from './global-state.ts';
import { type Happening, happenings, ProtocolModel } from './protocol-model.ts';
import { PROTOCOLS, SIZES } from './protocols.ts';
import { Table } from './table.ts';

const LINE = 16;
const FIRST = 0x1000;
const addressOf = ({ line, word }: Pick<Happening, 'line' | 'word'>): number =>
  FIRST + line * LINE + word * 4;

function machineOf(
  preset: 'smp' | 'cc-numa',
  coherence: 'invalidate' | 'update',
  { caches, slots }: Size,
): Machine {
  const shape = preset === 'smp' ? { coresPerNode: caches } : { nodes: caches };
  return new Machine(small({ preset, ways: slots, sets: 1, line: LINE, ...shape }, { coherence }));
}

const statesOf = ({ caches }: Machine, size: Size): string[][] =>
  Array.from({ length: size.caches }, (_, core) =>
    Array.from({ length: size.lines }, (__, line) => {
      const slot = caches.locate(core, FIRST / LINE + line);
      return slot < 0 ? 'I' : (STATES[caches.state[slot] as number] as string);
    }),
  );

/** The states after each happening, in the machine. */
function inMachine(machine: Machine, size: Size, list: readonly Happening[]): string[][][] {
  const seen: string[][][] = [];
  let at = 0;
  function* hart(): Code {
    for (;;) {
      const one = list[at] as Happening;
      if (one.what === 'read') yield load(addressOf(one));
      else if (one.what === 'write') yield store(addressOf(one), at);
      else yield flush(addressOf(one));
    }
  }
  for (let cache = 0; cache < size.caches; cache++) machine.start(cache, hart);
  machine.runArbitrated({
    choose(_, step) {
      if (step > 0) seen.push(statesOf(machine, size));
      for (at = seen.length; list[at]?.what === 'deviceWrite'; at++) {
        machine.coherent.deviceWrites((list[at] as Happening).line + FIRST / LINE);
        seen.push(statesOf(machine, size));
      }
      return list[at]?.cache;
    },
  });
  return seen;
}

function inModel(
  rows: ConstructorParameters<typeof Table>[0],
  size: Size,
  list: readonly Happening[],
): string[][][] {
  const model = new ProtocolModel(new Table(rows), size);
  const state = firstState(size);
  return list.map((one) => {
    model.perform(state, one);
    return state.copies.map((lines) => lines.map((copy) => copy.state));
  });
}

const MACHINES = [
  { protocol: 'MESI', preset: 'smp', coherence: 'invalidate' },
  { protocol: 'MESI', preset: 'cc-numa', coherence: 'invalidate' },
  { protocol: 'Dragon', preset: 'smp', coherence: 'update' },
  { protocol: 'Dragon', preset: 'cc-numa', coherence: 'update' },
] as const;

describe.each(MACHINES)('$protocol on $preset', ({ protocol, preset, coherence }) => {
  const { rows } = PROTOCOLS.find(({ name }) => name === protocol) as (typeof PROTOCOLS)[number];

  test.each(SIZES)('leaves the states that the model leaves: %o', (size) => {
    const list = fc.array(fc.constantFrom(...happenings(size)), { maxLength: 60, size: 'max' });
    fc.assert(
      fc.property(list, (all) => {
        expect(inMachine(machineOf(preset, coherence, size), size, all)).toEqual(inModel(rows, size, all));
      }),
      effort(40),
    );
  });
});
