import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Holders } from '../../../hw/coherence/holders.ts';
import { effort } from '../effort.ts';

const LINES = 200;
const found = (holders: Holders, line: number): number[] => [
  ...holders.found.subarray(0, holders.find(line)),
];

describe('the holders of lines', () => {
  test('agree with sets under any sequence of add, remove and clear', () => {
    const command = fc.record({
      what: fc.constantFrom(
        'add' as const,
        'add' as const,
        'add' as const,
        'remove' as const,
        'clear' as const,
      ),
      line: fc.constantFrom(0, 1, 63, 64, LINES - 1),
      core: fc.nat(1023),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1024 }),
        fc.array(command, { maxLength: 300 }),
        (cores, commands) => {
          const holders = new Holders(cores, LINES);
          const sets = new Map<number, Set<number>>();
          for (const { what, line, core: wished } of commands) {
            const core = wished % cores;
            const set = sets.get(line) ?? new Set();
            sets.set(line, set);
            if (what === 'clear') {
              set.clear();
              holders.clear(line);
            } else if (what === 'add' && !set.has(core)) {
              set.add(core);
              holders.add(line, core);
            } else if (what === 'remove' && set.delete(core)) {
              holders.remove(line, core);
            }
            const listed = found(holders, line);
            expect(listed.length).toBe(set.size);
            expect(new Set(listed)).toEqual(set);
          }
          for (const [line, set] of sets) expect(new Set(found(holders, line))).toEqual(set);
        },
      ),
      effort(100),
    );
  });

  test('of a line that nobody touched are none', () => {
    expect(new Holders(4, LINES).find(17)).toBe(0);
  });

  test('take no storage for lines that nobody touched', () => {
    const holders = new Holders(1024, 2 ** 24);
    holders.add(2 ** 24 - 1, 1023);
    expect(found(holders, 2 ** 24 - 1)).toEqual([1023]);
  });

  test('may be all cores of the largest machine', () => {
    const holders = new Holders(1024, LINES);
    for (let core = 0; core < 1024; core++) holders.add(5, core);
    expect(holders.find(5)).toBe(1024);
    for (let core = 0; core < 1023; core++) holders.remove(5, core);
    expect(found(holders, 5)).toEqual([1023]);
    holders.remove(5, 1023);
    expect(holders.find(5)).toBe(0);
    holders.add(5, 3);
    expect(found(holders, 5)).toEqual([3]);
  });
});
