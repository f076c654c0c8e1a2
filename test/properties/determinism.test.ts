import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  csrRead,
  csrWrite,
  environmentCall,
  fetchAndAdd,
  load,
  pause,
  sendInterrupt,
  store,
  supervisorReturn,
} from '../../hw/isa/index.ts';
import { Machine } from '../../hw/machine.ts';
import { effort } from '../hw/effort.ts';
import { shapes, small } from '../hw/machines.ts';
import { programs } from '../hw/random-access.ts';
import { record } from '../hw/record.ts';
import { startRandom } from './random-run.ts';

/** Uses the instruction record with operands that no machine under test gave it. */
function disturb(value: number): void {
  const machine = new Machine(small());
  machine.start(0, function* disturber() {
    yield environmentCall(value, value, value, value, value, value, value);
  });
  machine.run();
}

describe('a run', () => {
  test('is the same, event by event, when it is repeated with the same seed', () => {
    fc.assert(
      fc.property(shapes(4), programs(8, 25), (shape, random) => {
        const traces = [1, 2].map((value) => {
          disturb(value);
          const run = startRandom(small(shape), random);
          run.go();
          expect(run.stop()).toEqual({ kind: 'finished' });
          return { events: run.events, counters: [...run.machine.counters.values] };
        });
        expect(traces[1]).toEqual(traces[0]);
      }),
      effort(60),
    );
  });

  test('takes traps and interrupts at the same places when it is repeated', () => {
    const traces = [1, 2].map((value) => {
      disturb(value);
      const machine = new Machine(small({ preset: 'smp', coresPerNode: 3, seed: 5 }));
      const { events } = record(machine);
      const seen: number[] = [];
      const handler = machine.code.addressOf(function* handler() {
        seen.push(
          yield csrRead('sinst'),
          yield csrRead('sop0'),
          yield csrRead('sop1'),
          yield csrRead('sop2'),
        );
        yield csrWrite('sip', 0);
        yield csrWrite('stimecmp', 0);
        yield csrWrite('sresult', 0);
        yield supervisorReturn();
      });
      for (let hart = 0; hart < 3; hart++) {
        machine.start(hart, function* program() {
          yield csrWrite('stvec', handler);
          yield csrWrite('sie', -1);
          yield csrWrite('stimecmp', (yield csrRead('time')) + 50 * hart + 40);
          yield csrWrite('sstatus', 2);
          for (let round = 0; round < 20; round++) {
            yield fetchAndAdd(0x40, 1);
            yield pause();
            yield load(0x41);
            yield environmentCall(round);
            if (round === 10) yield sendInterrupt((hart + 1) % 3);
          }
        });
      }
      expect(machine.run()).toEqual({ kind: 'finished' });
      return { events, seen };
    });
    expect(traces[1]).toEqual(traces[0]);
  });

  test('has another interleaving under another seed', () => {
    const orderOf = (seed: number): string => {
      const machine = new Machine(small({ preset: 'cc-numa', nodes: 2, coresPerNode: 2, seed }));
      const { instructions } = record(machine);
      for (let hart = 0; hart < 4; hart++) {
        machine.start(hart, function* program() {
          for (let round = 0; round < 20; round++) yield store(0x40, hart);
        });
      }
      machine.run();
      return instructions.map((event) => event.hart).join('');
    };
    const orders = [1, 2, 3, 4, 5].map(orderOf);
    expect(new Set(orders).size).toBe(5);
    expect(orders).toEqual([1, 2, 3, 4, 5].map(orderOf));
  });
});
