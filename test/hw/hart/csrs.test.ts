import { describe, expect, test } from 'vitest';
import {
  CSR,
  csrRead,
  csrSwap,
  csrWrite,
  CSRS,
  type CsrName,
  load,
  OP,
  work,
} from '../../../hw/isa/index.ts';
import { CAUSE } from '../../../hw/isa/trap.ts';
import { runBare, withTraps } from '../bare.ts';
import { small } from '../machines.ts';

describe('control and status registers', () => {
  const READ_ONLY: readonly CsrName[] = CSRS.filter((csr) => csr.access === 'read-only').map(
    (csr) => csr.name,
  );

  test.each(READ_ONLY)('%s cannot be written', (csr) => {
    const { seen } = withTraps(function* () {
      yield csrWrite(csr, 1);
      yield csrSwap(csr, 1);
      yield csrRead(csr);
    });
    expect(seen).toEqual([
      { cause: CAUSE.illegalInstruction, value: OP.csrWrite },
      { cause: CAUSE.illegalInstruction, value: OP.csrSwap },
    ]);
  });

  test.each(['satp', 'sepc', 'scause', 'stval', 'sscratch', 'slocal', 'sctx', 'sie', 'sresult'] as const)(
    '%s keeps what is written',
    (csr) => {
      let read = 0;
      runBare([
        function* () {
          yield csrWrite(csr, 0x1234_5678);
          read = yield csrSwap(csr, 0);
        },
      ]);
      expect(read).toBe(0x1234_5678);
    },
  );

  test('of a number that does not exist are illegal', () => {
    const { seen } = withTraps(function* () {
      for (const unknown of ['none', 'neither'] as unknown as CsrName[]) {
        const instruction = csrRead(unknown);
        instruction.a = unknown === ('none' as CsrName) ? CSRS.length : -1;
        yield instruction;
      }
    });
    expect(seen.map(({ cause }) => cause)).toEqual([CAUSE.illegalInstruction, CAUSE.illegalInstruction]);
  });

  test('tell the hart its number, its node, its context and its clock', () => {
    const told: number[][] = [];
    const config = small({ nodes: 2, coresPerNode: 2, hartsPerCore: 2 });
    const { machine } = runBare(
      Array.from(
        { length: 8 },
        () =>
          function* () {
            told.push([yield csrRead('mhartid'), yield csrRead('snode'), yield csrRead('scurrent')]);
            const before = yield csrRead('time');
            yield work(100);
            expect((yield csrRead('time')) - before).toBe(101);
            expect(yield csrRead('timeh')).toBe(0);
          },
      ),
      config,
    );
    expect(told.toSorted()).toEqual(
      Array.from({ length: 8 }, (_, hart) => [hart, machine.nodeOf(hart), hart + 1]),
    );
  });

  test('count time beyond 32 bits', () => {
    let time: number[] = [];
    runBare([
      function* () {
        for (let round = 0; round < 5; round++) yield work(2 ** 31 - 1);
        time = [yield csrRead('time'), yield csrRead('timeh')];
      },
    ]);
    expect(time[1]).toBe(2);
    expect((time[0] as number) >>> 0).toBeGreaterThan(2 ** 31 - 10);
  });

  test('count what the own caches did not hold, and not what they did', () => {
    const counts: number[] = [];
    const { machine } = runBare([
      function* () {
        for (const address of [0x1000, 0x1000, 0x2000]) {
          const before = yield csrRead('hpmcounter3');
          yield load(address);
          counts.push((yield csrRead('hpmcounter3')) - before);
        }
      },
    ]);
    expect(counts).toEqual([1, 0, 1]);
    expect(machine.counters.total('l1Misses')).toBe(2);
  });

  test('are described, each', () => {
    for (const [index, { name, summary }] of CSRS.entries()) {
      expect(CSR[name]).toBe(index);
      expect(summary).toMatch(/\.$/);
    }
  });
});
