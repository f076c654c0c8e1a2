/**
 * Synchronization objects: a lock has one holder or none, and holder and lock know each other; readers are counted, and
 * none reads while somebody writes; a semaphore is never below 0; a member counts as arrived while it waits; and nobody
 * waits for what is free. (A thread that a time-out or a kill has woken stands in the queue until it runs.)
 */
import { CLASS } from '../classes.ts';
import { LIMIT } from '../abi/flags.ts';
import { BARRIER, LOCK_STATE, MUTEX, RWLOCK, SEMAPHORE, SYNC, SYNC_CLASSES } from '../sync/layout.ts';
import { STATE, THREAD, WAIT } from '../threads/thread.ts';
import { WAIT_QUEUE } from '../threads/wait-queue.ts';
import { type Findings, hex } from './findings.ts';
import { repsOfRoot } from './objects.ts';
import type { Reader } from './reader.ts';

export function checkSync(reader: Reader): Findings {
  const threads = reader.processes().flatMap((process) => reader.threads(process));
  const live = new Set(threads.filter((thread) => reader.word(thread + THREAD.state) !== STATE.ended));
  const objects = reader
    .usedRefs()
    .map((ref) => reader.rootOf(ref))
    .filter((root) => root !== 0)
    .map((root) => repsOfRoot(reader, root))
    .filter(([rep = 0]) => SYNC_CLASSES.includes(reader.word(rep)));
  const problems = [
    ...objects.flatMap((reps) => reps.flatMap((rep) => strangers(reader, rep, live))),
    ...objects.flatMap((reps) => checkObject(reader, reps, threads)),
    ...threads.flatMap((thread) => checkHeld(reader, thread)),
  ];
  return { counted: `${objects.length} synchronization objects`, problems };
}

const isWaiting = (reader: Reader, thread: number): boolean =>
  reader.word(thread + THREAD.state) === STATE.waiting;

const queueOf = (reader: Reader, rep: number): number[] =>
  reader.list(rep + SYNC.queue + WAIT_QUEUE.head, THREAD.waitNext);

const waitersOf = (reader: Reader, rep: number): number[] =>
  queueOf(reader, rep).filter((thread) => isWaiting(reader, thread));

const heldBy = (reader: Reader, thread: number): number[] =>
  reader.list(thread + THREAD.held, MUTEX.heldNext);

const readBy = (reader: Reader, thread: number): number[] =>
  Array.from({ length: LIMIT.READ_LOCKS }, (_, index) =>
    reader.word(thread + THREAD.reads + 4 * index),
  ).filter((rep) => rep !== 0);

function strangers(reader: Reader, rep: number, live: ReadonlySet<number>): string[] {
  return queueOf(reader, rep)
    .filter((thread) => !live.has(thread) || reader.word(thread + THREAD.waitQueue) !== rep + SYNC.queue)
    .map((thread) => `the queue of ${hex(rep)} holds ${hex(thread)}, which does not wait there`);
}

/** What a thread holds is its own. */
function checkHeld(reader: Reader, thread: number): string[] {
  return heldBy(reader, thread)
    .filter((lock) => reader.word(lock + MUTEX.holder) !== thread)
    .map((lock) => `thread ${hex(thread)} has ${hex(lock)} in its list, and does not hold it`);
}

function checkObject(reader: Reader, reps: readonly number[], threads: readonly number[]): string[] {
  const home = reader.word((reps[0] as number) + SYNC.home);
  const word = reader.word(home);
  const waiting = waitersOf(reader, home).length;
  if (word === CLASS.mutex) return checkMutex(reader, home, waiting, threads);
  if (word === CLASS.rwlock) return checkRwlock(reader, home, reps, waiting, threads);
  if (word === CLASS.barrier) return checkBarrier(reader, home, reps);
  if (word !== CLASS.semaphore) return [];
  const count = reader.word(home + SEMAPHORE.count);
  const name = `semaphore ${hex(home)}`;
  if (count < 0) return [`${name} is ${count}`];
  return count > 0 && waiting > 0 ? [`${waiting} threads wait for ${name}, which is ${count}`] : [];
}

/** A lock's holder is a thread that there is, and that knows it. */
function checkHolder(reader: Reader, lock: number, threads: readonly number[]): string[] {
  const holder = reader.word(lock + MUTEX.holder);
  if (holder === 0) return [];
  if (!threads.includes(holder) || reader.word(holder + THREAD.state) === STATE.ended)
    return [`lock ${hex(lock)} is held by ${hex(holder)}, which is no thread any more`];
  // Who was given a lock enters it into its list when it goes on.
  const isGiven =
    reader.word(holder + THREAD.waitReason) !== 0 &&
    !isWaiting(reader, holder) &&
    reader.word(holder + THREAD.waitObject) === reader.word(lock + SYNC.handle);
  const times = heldBy(reader, holder).filter((each) => each === lock).length;
  return times === 1 || (times === 0 && isGiven)
    ? []
    : [`the holder of lock ${hex(lock)} has it ${times} times`];
}

function checkMutex(reader: Reader, mutex: number, waiting: number, threads: readonly number[]): string[] {
  const problems = checkHolder(reader, mutex, threads);
  if (waiting > 0 && reader.word(mutex + MUTEX.holder) === 0)
    problems.push(`${waiting} threads wait for mutex ${hex(mutex)}, which nobody holds`);
  return problems;
}

function checkRwlock(
  reader: Reader,
  home: number,
  reps: readonly number[],
  waiting: number,
  threads: readonly number[],
): string[] {
  const name = `rwlock ${hex(home)}`;
  const problems = checkHolder(reader, home, threads);
  const count = reps.reduce((sum, rep) => sum + reader.word(rep + RWLOCK.readers), 0);
  const known = threads.flatMap((thread) => readBy(reader, thread)).filter((rep) => reps.includes(rep));
  // Who was let in to read notes that when it goes on.
  const isLetIn = threads.some(
    (thread) => reader.word(thread + THREAD.waitReason) === WAIT.rwlockRead && !isWaiting(reader, thread),
  );
  if (count < known.length || (count !== known.length && !isLetIn))
    problems.push(`${name} counts ${count} readers, there are ${known.length}`);
  const held = reader.word(home + RWLOCK.holder) !== 0;
  if (held && count !== 0) problems.push(`${name} is held by one who writes and ${count} who read`);
  if (waiting > 0 && !held && count === 0)
    problems.push(`${waiting} threads wait for ${name}, which nobody holds`);
  const isAsked =
    held ||
    queueOf(reader, home).length > 0 ||
    reader.word(home + RWLOCK.state) !== LOCK_STATE.good ||
    reader.word(home + RWLOCK.dead) !== 0;
  for (const rep of reps)
    if (reader.word(rep + RWLOCK.closed) !== (isAsked ? 1 : 0))
      problems.push(`${name} is ${isAsked ? 'open' : 'closed'} to readers at ${hex(rep)}`);
  return problems;
}

function checkBarrier(reader: Reader, home: number, reps: readonly number[]): string[] {
  const name = `barrier ${hex(home)}`;
  const problems: string[] = [];
  let posted = 0;
  let arrived = 0;
  for (const leaf of reps) {
    const isCurrent =
      reader.word(leaf + BARRIER.generation) === reader.word(home + BARRIER.topGeneration) ||
      reader.word(leaf + BARRIER.members) === 0;
    const count = reader.word(leaf + BARRIER.count);
    const waiting = waitersOf(reader, leaf).length;
    const there = Array.from({ length: LIMIT.MEMBERS / 32 }, (_, index) =>
      bits(reader.word(leaf + BARRIER.arrived + 4 * index)),
    ).reduce((sum, each) => sum + each, 0);
    if (count !== there) problems.push(`${name} counts ${count} at ${hex(leaf)}, ${there} have arrived`);
    if (!isCurrent && waiting > 0) problems.push(`${waiting} threads wait at ${name}, whose episode is over`);
    if (isCurrent && waiting > count)
      problems.push(`${waiting} threads wait at ${name}, where ${count} have arrived`);
    posted += isCurrent ? reader.word(leaf + BARRIER.posted) : 0;
    arrived += isCurrent ? count : 0;
  }
  if (posted !== reader.word(home + BARRIER.topCount))
    problems.push(
      `${name}: ${posted} leaves are full, the top knows of ${reader.word(home + BARRIER.topCount)}`,
    );
  if (arrived >= reader.word(home + BARRIER.members))
    problems.push(`all members of ${name} have arrived, and nobody goes on`);
  return problems;
}

const bits = (word: number): number => {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
};
