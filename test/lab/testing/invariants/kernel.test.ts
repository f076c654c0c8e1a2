/** Each of the kernel's invariants is broken from outside, on a kernel that is at rest, and must be the one that is told. */
import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../../hw/machine.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { mappingsOf, pagesOf, tablesOf } from '../../../../kernel/inspect/pages.ts';
import { Reader } from '../../../../kernel/inspect/reader.ts';
import { kernelAtRest, KERNEL_INVARIANTS } from '../../../../kernel/index.ts';
import { PROCESS_REP } from '../../../../kernel/processes/process.ts';
import { STATE, THREAD } from '../../../../kernel/threads/thread.ts';
import { PAGE } from '../../../../kernel/vm/page-descriptor.ts';
import { INVARIANTS } from '../../../../lab/testing/invariants/index.ts';
import { Watch } from '../../../../lab/testing/invariants/watch.ts';
import { Agents } from '../../../../lab/testing/model/agents.ts';

const config = presetConfig('cc-numa', { harts: 2, set: { memoryPerNode: 1 << 20 } });

/** A machine whose two threads wait for requests; and a way to change a word of it. */
function atRest(): { machine: Machine; reader: Reader; process: number } {
  const { machine } = new Agents({ config });
  const reader = new Reader(machine);
  return { machine, reader, process: reader.processes()[0] as number };
}

/** Damage by the invariant that it breaks. */
const DAMAGE: Readonly<Record<string, () => Machine>> = {
  frames() {
    const { machine, reader, process } = atRest();
    const page = pagesOf(reader, process)[0];
    machine.poke((page?.address ?? 0) + PAGE.mappings, 5);
    return machine;
  },
  tlb() {
    const { machine, reader, process } = atRest();
    const entry = machine.tlbEntries(0).find(({ asid }) => asid !== 0);
    const mapping = mappingsOf(reader, process).find(({ user }) => user >>> 12 === entry?.page);
    const [, ...tables] = tablesOf(reader, process);
    for (const table of tables) {
      for (let slot = table; slot < table + 4096; slot += 4)
        if (machine.peek(slot) === mapping?.entry) machine.poke(slot, mapping.entry ^ 4);
    }
    return machine;
  },
  isolation() {
    const { machine, reader, process } = atRest();
    const mapping = mappingsOf(reader, process)[0];
    const [, ...tables] = tablesOf(reader, process);
    for (const table of tables) {
      for (let slot = table; slot < table + 4096; slot += 4)
        if (machine.peek(slot) === mapping?.entry) machine.poke(slot, mapping.entry ^ (1 << 10));
    }
    return machine;
  },
  swap() {
    const { machine, reader, process } = atRest();
    machine.poke((pagesOf(reader, process)[0]?.address ?? 0) + PAGE.slot, 1);
    return machine;
  },
  objects() {
    const { machine, reader } = atRest();
    const ref = reader.usedRefs().find((used) => reader.repOf(used) !== 0) ?? 0;
    machine.poke(reader.repOf(ref), 0x7777);
    return machine;
  },
  scheduling() {
    const { machine, reader, process } = atRest();
    machine.poke((reader.threads(process)[1] ?? 0) + THREAD.state, STATE.runnable);
    return machine;
  },
  calls() {
    const { machine, reader, process } = atRest();
    const [first = 0, second = 0] = reader.threads(process);
    machine.poke(first + THREAD.serving, second);
    return machine;
  },
  sync() {
    const { machine, reader, process } = atRest();
    // A lock in memory that nobody uses: so nobody holds it.
    machine.poke((reader.threads(process)[0] ?? 0) + THREAD.held, config.memoryPerNode - 4096);
    return machine;
  },
  lrpc() {
    const { machine, reader, process } = atRest();
    machine.poke((reader.threads(process)[0] ?? 0) + THREAD.linkage, config.memoryPerNode - 4096);
    return machine;
  },
  heap() {
    const { machine, reader, process } = atRest();
    const part = reader.word((reader.threads(process)[0] ?? 0) + THREAD.part);
    machine.poke(part + PROCESS_REP.threads, 0);
    return machine;
  },
};

describe('the kernel at rest', () => {
  test('breaks nothing', () => {
    const { machine } = atRest();
    expect(kernelAtRest(machine)).toBe(true);
    expect(new Watch(machine, INVARIANTS).broken('always', 'at-rest', 'end')).toBeUndefined();
  });

  test.each(KERNEL_INVARIANTS.map(({ id }) => id))('is told to break %s when it is damaged', (id) => {
    const machine = (DAMAGE[id] as () => Machine)();
    const only = INVARIANTS.filter((invariant) => invariant.id === id);
    expect(new Watch(machine, only).broken('at-rest')?.invariant).toBe(id);
  });
});
