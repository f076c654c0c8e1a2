/**
 * Judges how a run ended. A program may end as it likes, and it may wait for ever for what only a program can bring
 * about; whatever else keeps it from going on is the kernel's fault. When the machine has halted, nothing is left.
 */
import type { Machine, Stop } from '../../hw/machine.ts';
import {
  checkInvariants,
  describeWait,
  inspectThreads,
  panicText,
  type ThreadReport,
  type Verdict,
} from '../../kernel/index.ts';
import type { Failure } from '../explore/subject.ts';

/** What is wrong, if anything is. */
export function judgeEnd(machine: Machine, stop: Stop): Failure | undefined {
  switch (stop.kind) {
    case 'budget':
    case 'arbiter':
      return { invariant: 'hang', message: 'it does not end' };
    case 'panic':
      return {
        invariant: `panic.${stop.code}`,
        message: `kernel panic on hart ${stop.hart}: ${panicText(stop.code)}`,
      };
    case 'crashed':
      return { invariant: 'crash', message: `the kernel crashed on hart ${stop.hart}: ${stop.message}` };
    case 'deadlock':
      return brokenInvariant(machine) ?? stuck(inspectThreads(machine));
    case 'finished':
      return { invariant: 'finished', message: 'the kernel returned' };
    case 'halted':
      return leftOver(machine);
  }
}

/** The first invariant of the kernel that does not hold. The kernel must be at rest. */
export const brokenInvariant = (machine: Machine): Failure | undefined =>
  firstBroken(checkInvariants(machine));

function firstBroken(verdicts: readonly Verdict[]): Failure | undefined {
  const broken = verdicts.find(({ ok }) => !ok);
  if (broken === undefined) return undefined;
  const message = `invariant ${broken.id} is broken: ${broken.detail}`;
  return { invariant: `invariant.${broken.id}`, message };
}

/** Waits that only a program ends: another thread may never wake, or end. */
const PROGRAMS_OWN: ReadonlySet<string> = new Set([
  'call',
  'reply',
  'futex',
  'join',
  'child',
  'mutex',
  'rwlockRead',
  'rwlockWrite',
  'condition',
  'semaphore',
  'barrier',
  'ends',
  'protectedCall',
  'protectedReply',
]);

// DOC: stuck-threads
/** In a deadlock: a thread that the kernel should have let go on. */
function stuck(threads: readonly ThreadReport[]): Failure | undefined {
  for (const thread of threads) {
    if (thread.state === 'ended') continue;
    const { waits } = thread;
    if (waits === undefined || !PROGRAMS_OWN.has(waits.for) || isOver(waits, thread, threads))
      return { invariant: 'stuck', message: `nobody can go on, though ${describeWait(thread)}` };
  }
  return undefined;
}

/** Whether it waits for the end of a thread that has ended. */
function isOver(
  { for: what, object }: NonNullable<ThreadReport['waits']>,
  { process }: ThreadReport,
  threads: readonly ThreadReport[],
): boolean {
  if (what !== 'join') return false;
  const joined = threads.find((other) => other.process === process && other.thread === object);
  return joined === undefined || joined.state === 'ended';
}

/** What is wrong with a machine that has halted: what is broken, or what it still holds. */
function leftOver(machine: Machine): Failure | undefined {
  const verdicts = checkInvariants(machine);
  const broken = firstBroken(verdicts);
  if (broken !== undefined) return broken;
  const threads = inspectThreads(machine).length;
  if (threads > 0)
    return { invariant: 'left', message: `the machine has halted, and ${threads} threads are left` };
  const heap = verdicts.find(({ id }) => id === 'heap')?.detail ?? '';
  if (heap.startsWith('0 blocks in use')) return undefined;
  return { invariant: 'leak', message: `the machine has halted, and in the kernel's heap are ${heap}` };
}
