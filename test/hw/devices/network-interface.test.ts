import { describe, expect, test } from 'vitest';
import { DEVICES, NETWORK } from '../../../hw/address-map.ts';
import { type Code, csrRead, load, receive, send, store, work } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';

const BOX = 0x1000;
const OUT = 0x2000;

const cluster = (nodes: number, hartsPerNode = 1): Machine =>
  new Machine(presetConfig('cluster', { harts: nodes * hartsPerNode, nodes }));

function run(machine: Machine, ...programs: ((hart: number) => Code)[]): Machine {
  programs.forEach((program, hart) => machine.start(hart, program, hart));
  expect(machine.run()).toEqual({ kind: 'finished' });
  return machine;
}

const seen = (machine: Machine, node: number, address: number): number =>
  machine.peek(node * machine.config.memoryPerNode + address);

describe('the nodes of a cluster', () => {
  test('have memory of their own at the same addresses', () => {
    const program = function* (hart: number): Code {
      yield store(OUT, hart + 10);
      yield work(1000);
      yield store(OUT + 4, yield load(OUT));
    };
    const machine = run(cluster(3), program, program, program);
    expect([0, 1, 2].map((node) => seen(machine, node, OUT + 4))).toEqual([10, 11, 12]);
  });

  test('fault on addresses beyond their memory', () => {
    const machine = cluster(2);
    machine.start(0, function* () {
      yield load(machine.config.memoryPerNode);
    });
    expect(machine.run()).toMatchObject({
      kind: 'crashed',
      message: expect.stringContaining('loadAccessFault'),
    });
  });

  test('number their harts from 0, and know their own number from the network interface', () => {
    const program = function* (): Code {
      yield store(OUT, yield csrRead('mhartid'));
      yield store(OUT + 4, yield load(NETWORK.NODE));
      yield store(OUT + 8, yield load(NETWORK.NODES));
    };
    const machine = cluster(2, 2);
    machine.start(2, program);
    machine.start(3, program);
    machine.run();
    expect([OUT, OUT + 4, OUT + 8].map((word) => seen(machine, 1, word))).toEqual([1, 1, 2]);
    expect(seen(machine, 0, OUT)).toBe(0);
  });
});

describe('messages', () => {
  test('carry words, and say who sent them', () => {
    const machine = run(
      cluster(2),
      function* () {
        yield store(BOX, 7);
        yield store(BOX + 4, 8);
        yield send(1, BOX, 2);
      },
      function* () {
        yield store(OUT, yield receive(BOX, 16));
      },
    );
    expect(seen(machine, 1, OUT)).toBe(2 * 65_536);
    expect([seen(machine, 1, BOX), seen(machine, 1, BOX + 4)]).toEqual([7, 8]);
  });

  test('take their start-up, their hops and their words', () => {
    const machine = run(
      cluster(2),
      function* () {
        yield send(1, BOX, 4);
      },
      function* () {
        yield receive(BOX, 16);
        yield store(OUT, yield csrRead('time'));
      },
    );
    const { message, hop } = machine.config.timing;
    expect(seen(machine, 1, OUT)).toBeGreaterThan(message + hop + 4);
    expect(seen(machine, 1, OUT)).toBeLessThan(message + hop + 4 + 500);
  });

  test('between two nodes keep their order', () => {
    const machine = run(
      cluster(2),
      function* () {
        for (let index = 1; index <= 20; index++) {
          yield store(BOX, index);
          yield send(1, BOX, 1);
        }
      },
      function* () {
        for (let index = 1; index <= 20; index++) {
          yield receive(BOX, 1);
          if ((yield load(BOX)) !== index) yield store(OUT, index);
        }
      },
    );
    expect(seen(machine, 1, OUT)).toBe(0);
  });

  test('that nobody sends leave the machine deadlocked, and it says so', () => {
    const machine = cluster(2);
    machine.start(0, function* () {
      yield receive(BOX, 1);
    });
    expect(machine.run()).toEqual({ kind: 'deadlock' });
  });

  test('to no node, of no words, or unaligned are illegal; and all are on another machine', () => {
    const illegal = (machine: Machine, program: () => Code): void => {
      machine.start(0, program);
      expect(machine.run()).toMatchObject({
        kind: 'crashed',
        message: expect.stringContaining('illegalInstruction'),
      });
    };
    illegal(cluster(2), function* () {
      yield send(2, BOX, 1);
    });
    illegal(cluster(2), function* () {
      yield send(1, BOX, 0);
    });
    illegal(cluster(2), function* () {
      yield send(1, BOX, 17);
    });
    illegal(cluster(2), function* () {
      yield receive(BOX + 4, 1);
    });
    illegal(new Machine(presetConfig('cc-numa')), function* () {
      yield send(0, BOX, 1);
    });
  });

  test('pass a token round a ring of 16 nodes', () => {
    const nodes = 16;
    const machine = cluster(nodes);
    for (let node = 0; node < nodes; node++) {
      machine.start(node, function* () {
        if (node !== 0) yield receive(BOX, 1);
        yield store(BOX, (yield load(BOX)) + 1);
        yield send((node + 1) % nodes, BOX, 1);
        if (node === 0) yield receive(BOX, 1);
      });
    }
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(seen(machine, 0, BOX)).toBe(nodes);
    expect(DEVICES.network.base).toBe(NETWORK.NODE);
  });
});
