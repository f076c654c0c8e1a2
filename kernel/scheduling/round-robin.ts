/**
 * Round robin: each hart has a first-come, first-served queue; a thread whose slice has ended goes to its end. New
 * threads go to the harts in turn, and stay. Priorities and classes change nothing.
 *
 * *Locking:* see hart-queue.ts; `waiting` looks without the lock, since a stale answer is put right by the interrupt
 * that follows when another hart has put a thread into an empty queue.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { THREAD } from '../threads/thread.ts';
import { append, moveToHead, takeFirst } from './hart-queue.ts';
import { placeInTurn } from './place.ts';
import type { Policy } from './policy.ts';

function* ready(local: number, thread: number): Code<number> {
  const target = yield load(thread + THREAD.local);
  // Read before the thread is in the queue: afterwards it may run, and end.
  const hart = yield load(thread + THREAD.hart);
  const first = yield* append(target, thread);
  // This hart looks at its queue before it leaves the kernel; another one idles, or has no slice armed.
  return first === 0 || target === local ? -1 : hart;
}

function* waiting(local: number): Code<boolean> {
  return (yield load(local + HART.runCount)) > 0;
}

function* hasten(local: number, thread: number): Code<boolean> {
  return (yield load(thread + THREAD.local)) === local && (yield* moveToHead(local, thread));
}

function* nobody(): Code<number> {
  return -1;
}

function* never(): Code<boolean> {
  return false;
}

export const roundRobin: Policy = Object.freeze({
  name: 'round-robin',
  summary: 'First come, first served on each hart, with time slices; new threads go to the harts in turn.',
  roams: false,
  degree: undefined,
  steals: false,
  slotted: false,
  hasLedger: false,
  ready,
  pick: takeFirst,
  leaves: undefined,
  idle: never,
  slices: waiting,
  waiting,
  place: placeInTurn,
  hasten,
  reranked: nobody,
});
