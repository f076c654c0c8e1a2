/**
 * Scheduling: a runnable thread is in exactly one run queue, a running one on exactly one hart; a waiting one in
 * exactly the wait queue that it names, or among the time-outs of its hart; and no context is left over.
 */
import { FUTEX_BUCKET, FUTEX_BUCKETS, HART } from '../hart-local.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { LINKAGE } from '../ipc/lrpc/layout.ts';
import { PROCESS } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';
import { WAIT_QUEUE } from '../threads/wait-queue.ts';
import { type Findings, hex } from './findings.ts';
import type { Reader } from './reader.ts';
import { queuesOf, wrongQueues } from './run-queues.ts';
import { stateName } from './threads.ts';

export function checkScheduling(reader: Reader): Findings {
  const { machine } = reader;
  const harts = Array.from({ length: reader.harts }, (_, hart) => hart);
  const locals = harts.map((hart) => reader.local(hart));
  const queues = queuesOf(reader);
  const queued = queues.flatMap(({ threads }) => threads);
  const timed = locals.flatMap((local) => reader.list(local + HART.timers, THREAD.timerNext));
  const running = harts.map((hart) => reader.current(hart)).filter((thread) => thread !== 0);
  const problems: string[] = [];
  const contexts = new Set(locals.map((local) => reader.word(local + HART.dispatcher)));
  const live = new Set(reader.processes().flatMap((process) => reader.threads(process)));
  for (const process of reader.processes()) {
    for (const thread of reader.threads(process)) {
      const who = `process ${reader.word(process + PROCESS.number)} thread ${reader.word(thread + THREAD.number)}`;
      const state = stateName(reader.word(thread + THREAD.state));
      if (state !== 'ended') {
        contexts.add(reader.word(thread + THREAD.userContext));
        contexts.add(reader.word(thread + THREAD.kernelContext));
        for (const linkage of reader.linkages(thread)) contexts.add(reader.word(linkage + LINKAGE.context));
      }
      const count = (list: readonly number[]): number => list.filter((other) => other === thread).length;
      if (state === 'runnable' && count(queued) !== 1)
        problems.push(`${who} is runnable and in ${count(queued)} run queues`);
      if (state !== 'runnable' && count(queued) !== 0) problems.push(`${who} is ${state} and in a run queue`);
      if (state === 'running' && count(running) !== 1)
        problems.push(`${who} is running on ${count(running)} harts`);
      if ((state === 'waiting' || state === 'blocked') && !isFound(reader, thread, count(timed)))
        problems.push(`${who} is ${state} and in no queue`);
      if (reader.word(thread + THREAD.timerArmed) !== count(timed))
        problems.push(`${who} has a time-out in ${count(timed)} lists`);
    }
  }
  problems.push(...strangersIn(reader, locals, live), ...wrongQueues(reader, queues, live));
  problems.push(...wrongIdlers(reader, locals), ...misplaced(reader, locals));
  // On a cluster, the dispatchers of the other nodes belong to other kernels.
  for (let hart = reader.harts; hart < machine.harts; hart += 1) contexts.add(machine.currentContext(hart));
  for (const context of machine.liveContexts())
    if (!contexts.has(context)) problems.push(`context ${context} is nobody's`);
  return { counted: `${live.size} threads, ${queued.length} queued, ${running.length} running`, problems };
}

function isFound(reader: Reader, thread: number, timed: number): boolean {
  const queue = reader.word(thread + THREAD.waitQueue);
  if (queue === 0) return timed === 1;
  return (
    reader.list(queue + WAIT_QUEUE.head, THREAD.waitNext).filter((other) => other === thread).length === 1
  );
}

/** Threads that stand in a futex bucket or in the disk's queue without waiting there. */
function strangersIn(reader: Reader, locals: readonly number[], live: ReadonlySet<number>): string[] {
  const buckets = locals.flatMap((local) =>
    Array.from(
      { length: FUTEX_BUCKETS },
      (_, index) => local + HART.futexBuckets + index * FUTEX_BUCKET.SIZE + FUTEX_BUCKET.queue,
    ),
  );
  return [...buckets, GLOBAL + NODE_BLOCK.diskQueue].flatMap((queue) =>
    reader
      .list(queue + WAIT_QUEUE.head, THREAD.waitNext)
      .filter((thread) => !live.has(thread) || reader.word(thread + THREAD.waitQueue) !== queue)
      .map((thread) => `the queue at ${hex(queue)} holds ${hex(thread)}, which does not wait there`),
  );
}

/** Harts that idle for calls have no thread, and were given none that they have not taken; and as many are counted. */
function wrongIdlers(reader: Reader, locals: readonly number[]): string[] {
  const problems = locals.flatMap((local, hart) => {
    const isIdle = reader.word(local + HART.idleIn) !== 0;
    const handed = reader.word(local + HART.handed);
    const handing = handed === 0 ? [] : [`hart ${hart} was handed ${hex(handed)} and has not taken it`];
    const busy =
      isIdle && reader.current(hart) !== 0 ? [`hart ${hart} can be taken for a call and runs a thread`] : [];
    return [...handing, ...busy];
  });
  const counted = locals.filter((local) => reader.word(local + HART.counted) !== 0).length;
  const idlers = reader.fact(NODE_BLOCK.idlers);
  if (counted !== idlers) problems.push(`${idlers} harts idle for calls, and ${counted} say so`);
  return problems;
}

/** Threads that run on another hart than they say, where who kills them would not find them. */
const misplaced = (reader: Reader, locals: readonly number[]): string[] =>
  locals.flatMap((local, hart) => {
    const thread = reader.current(hart);
    if (thread === 0 || reader.word(thread + THREAD.local) === local) return [];
    return [`hart ${hart} runs ${hex(thread)}, which says that it is on another one`];
  });
