/**
 * Whether the kernel is at rest, so that its invariants must hold: no hart is inside it, and no thread stands in the
 * midst of its work, as one does that waits for the disk or for a page.
 */
import type { Machine } from '../../hw/machine.ts';
import { HART } from '../hart-local.ts';
import { THREAD, WAIT, WAITS } from '../threads/thread.ts';
import { Reader } from './reader.ts';

/**
 * Each hart is in user mode, idles, or was never started; and every wait is one that a kill may cut short, or one for
 * other programs: the last thread of a process has not begun to take it apart while it waits for guests.
 */
export function kernelAtRest(machine: Machine): boolean {
  const reader = new Reader(machine);
  for (let hart = 0; hart < machine.harts; hart += 1) {
    const activity = machine.activity(hart);
    const isIdle =
      activity === 'waiting' || activity === 'stopped' || (activity === 'spinning' && polls(reader, hart));
    if (!isIdle && !machine.isUser(hart)) return false;
  }
  if (!reader.loaded) return false;
  return reader.processes().every((process) =>
    reader.threads(process).every((thread) => {
      // A thread that was woken keeps the reason until it goes on.
      const reason = reader.word(thread + THREAD.waitReason);
      return reason === 0 || reason === WAIT.guests || WAITS[reason]?.interruptible === true;
    }),
  );
}

/** Whether a hart that spins idles: in a domain's context, and nobody is about to give it a thread (threads/idle.ts). */
const polls = (reader: Reader, hart: number): boolean =>
  reader.loaded && hart < reader.harts && reader.word(reader.local(hart) + HART.idleIn) !== 0;
