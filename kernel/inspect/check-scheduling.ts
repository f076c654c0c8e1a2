/**
 * Scheduling: a runnable thread is in exactly one run queue, a running one on exactly one hart; a waiting one in
 * exactly the wait queue that it names, or among the time-outs of its hart; and no context is left over.
 */
import { HART } from '../hart-local.ts';
import { PROCESS } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';
import { WAIT_QUEUE } from '../threads/wait-queue.ts';
import type { Findings } from './findings.ts';
import type { Reader } from './reader.ts';
import { stateName } from './threads.ts';

export function checkScheduling(reader: Reader): Findings {
  const { machine } = reader;
  const harts = Array.from({ length: machine.harts }, (_, hart) => hart);
  const locals = harts.map((hart) => reader.local(hart));
  const queued = locals.flatMap((local) => reader.list(local + HART.runHead, THREAD.runNext));
  const timed = locals.flatMap((local) => reader.list(local + HART.timers, THREAD.timerNext));
  const running = harts.map((hart) => reader.current(hart)).filter((thread) => thread !== 0);
  const problems: string[] = [];
  const contexts = new Set(locals.map((local) => reader.word(local + HART.dispatcher)));
  let threads = 0;
  for (const process of reader.processes()) {
    for (const thread of reader.threads(process)) {
      threads += 1;
      const who = `process ${reader.word(process + PROCESS.number)} thread ${reader.word(thread + THREAD.number)}`;
      const state = stateName(reader.word(thread + THREAD.state));
      if (state !== 'ended') {
        contexts.add(reader.word(thread + THREAD.userContext));
        contexts.add(reader.word(thread + THREAD.kernelContext));
      }
      const count = (list: readonly number[]): number => list.filter((other) => other === thread).length;
      if (state === 'runnable' && count(queued) !== 1) problems.push(`${who} is runnable and in ${count(queued)} run queues`);
      if (state !== 'runnable' && count(queued) !== 0) problems.push(`${who} is ${state} and in a run queue`);
      if (state === 'running' && count(running) !== 1) problems.push(`${who} is running on ${count(running)} harts`);
      if ((state === 'waiting' || state === 'blocked') && !isFound(reader, thread, count(timed))) problems.push(`${who} is ${state} and in no queue`);
      if (reader.word(thread + THREAD.timerArmed) !== count(timed)) problems.push(`${who} has a time-out in ${count(timed)} lists`);
    }
  }
  for (const context of machine.liveContexts()) if (!contexts.has(context)) problems.push(`context ${context} is nobody's`);
  return { counted: `${threads} threads, ${queued.length} queued, ${running.length} running`, problems };
}

function isFound(reader: Reader, thread: number, timed: number): boolean {
  const queue = reader.word(thread + THREAD.waitQueue);
  if (queue === 0) return timed === 1;
  return reader.list(queue + WAIT_QUEUE.head, THREAD.waitNext).filter((other) => other === thread).length === 1;
}
