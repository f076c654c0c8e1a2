/** `barriers` on a cluster finds a barrier out that somebody passes early, by the notes of the nodes. */
import { expect, test } from 'vitest';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { startBare } from '../../../lab/load/start-bare.ts';
import { barrierKinds, MESSAGE_BARRIERS, type BarrierKind, type Code } from '../../../userland/index.ts';
import barriers from '../../../userland/programs/barriers.ts';

const printed = (kind: number): string => {
  const machine = new Machine(presetConfig('cluster', { harts: 4 }));
  startBare(machine, barriers, [kind, 10, 0, 50]);
  expect(machine.run().kind).toBe('finished');
  return machine.console.text();
};

const open: BarrierKind = {
  ...(MESSAGE_BARRIERS[0] as BarrierKind),
  id: 'open',
  at: () => ({ *wait(): Code {} }),
};

test('a barrier at which nobody waits is found out', () => {
  expect(printed(barrierKinds.add(open))).toContain('check early: FAILED 10 passed before the last one came');
});
