/**
 * Whether the kernel is at rest, so that its invariants must hold: no hart is inside it, and no thread stands in the
 * midst of its work, as one does that waits for the disk or for a page.
 */
import type { Machine } from '../../hw/machine.ts';
import { THREAD, WAITS } from '../threads/thread.ts';
import { Reader } from './reader.ts';

/** Each hart is in user mode, idles, or was never started; and every wait is one that a kill may cut short. */
export function kernelAtRest(machine: Machine): boolean {
  for (let hart = 0; hart < machine.harts; hart += 1) {
    const activity = machine.activity(hart);
    if (activity !== 'waiting' && activity !== 'stopped' && !machine.isUser(hart)) return false;
  }
  const reader = new Reader(machine);
  if (!reader.loaded) return false;
  return reader.processes().every((process) =>
    reader.threads(process).every((thread) => {
      // A thread that was woken keeps the reason until it goes on.
      const reason = reader.word(thread + THREAD.waitReason);
      return reason === 0 || WAITS[reason]?.interruptible === true;
    }),
  );
}
