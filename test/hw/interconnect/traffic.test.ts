/** What buses, links and memory modules say that they carried. */
import { describe, expect, test } from 'vitest';
import { Mesh } from '../../../hw/interconnect/mesh.ts';
import { Omega } from '../../../hw/interconnect/omega.ts';
import { BusyParts } from '../../../hw/interconnect/traffic.ts';
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { runBare } from '../bare.ts';
import { smallWith } from '../machines.ts';

test('a part counts what it carried, how long it was busy, and how long others waited', () => {
  const parts = new BusyParts(3, 10);
  expect(parts.occupy(1, 100)).toBe(100);
  expect(parts.occupy(1, 104)).toBe(110);
  expect(parts.occupy(1, 200)).toBe(200);
  const rows = parts.rows((part) => ({ kind: 'module', name: `part ${part}` }));
  expect(rows).toEqual([
    { kind: 'module', name: 'part 1', transactions: 3, busyCycles: 30, waitingCycles: 6 },
  ]);
});

describe('links', () => {
  test('of a mesh are named by the nodes at their ends', () => {
    const mesh = new Mesh(4, 20, 4);
    mesh.send(0, 3, 0);
    mesh.send(0, 1, 0);
    mesh.send(3, 0, 0);
    expect(
      mesh
        .traffic()
        .map(({ from, to, transactions, waitingCycles }) => [from, to, transactions, waitingCycles]),
    ).toEqual([
      [0, 1, 2, 4],
      [1, 3, 1, 0],
      [2, 0, 1, 0],
      [3, 2, 1, 0],
    ]);
  });

  test('of a multistage switch are its outputs, one each stage', () => {
    const omega = new Omega(8, 10, 4, false);
    omega.toHome(0, 5, 0);
    omega.fromHome(5, 0, 100);
    const names = omega.traffic().map(({ name }) => name);
    expect(names).toEqual([
      'request switch 0.1',
      'request switch 1.2',
      'request switch 2.5',
      'answer switch 0.2',
      'answer switch 1.4',
      'answer switch 2.0',
    ]);
  });
});

function* reads(): Code {
  for (let line = 0; line < 20; line++) yield load(0x1000 + 16 * line);
}

describe('a machine', () => {
  test('on a bus has waited for the bus as long as its harts say', () => {
    const { machine } = runBare([reads, reads, reads], smallWith('smp', 3));
    const [bus, ...others] = machine.traffic();
    expect(others).toEqual([]);
    expect(bus).toMatchObject({ kind: 'bus', transactions: machine.counters.total('l1Misses') });
    expect(bus?.waitingCycles).toBeGreaterThan(0);
    expect(bus?.waitingCycles).toBe(machine.counters.total('queueCycles'));
  });

  test('with a network has waited for its links and modules as long as its harts say', () => {
    const { machine } = runBare([reads, reads, reads, reads], smallWith('cc-numa', 4));
    const rows = machine.traffic();
    const waited = rows.reduce((sum, { waitingCycles }) => sum + waitingCycles, 0);
    expect(waited).toBeGreaterThan(0);
    expect(waited).toBe(machine.counters.total('queueCycles'));
    const module = rows.find(({ name }) => name === 'memory 0');
    expect(module?.transactions).toBe(machine.counters.total('l1Misses'));
    expect(module?.busyCycles).toBe((module?.transactions ?? 0) * machine.config.timing.memoryOccupancy);
  });

  test('counts write-backs as traffic', () => {
    const { machine } = runBare([
      function* writes() {
        for (let line = 0; line < 20; line++) yield store(0x1000 + 16 * line, 1);
      },
    ]);
    const { counters } = machine;
    const sum = counters.total('l1Misses') + counters.total('writebacks');
    expect(counters.total('writebacks')).toBeGreaterThan(10);
    expect(machine.traffic().find(({ kind }) => kind === 'module')?.transactions).toBe(sum);
  });
});
