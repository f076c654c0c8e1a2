/** The run queues: those in HART, and the representatives of the run queue that a policy has. */
import { HART } from '../hart-local.ts';
import { REP } from '../objects/root.ts';
import { RUN_QUEUE } from '../scheduling/run-queue.ts';
import { THREAD } from '../threads/thread.ts';
import { hex } from './findings.ts';
import type { Reader } from './reader.ts';

/** A run queue, and who is in it. */
export interface QueueRecord {
  readonly name: string;
  /** The representative, or 0: the queue in HART. */
  readonly address: number;
  readonly threads: readonly number[];
  readonly tail: number;
  readonly count: number;
}

/** Blocks of the heap that belong to the run queue: its root and its representatives. */
export function queueBlocks(reader: Reader): number[] {
  const reps = new Set(reader.locals().map((local) => reader.word(local + HART.runQueue)));
  reps.delete(0);
  return [...reps, ...new Set([...reps].map((rep) => reader.word(rep + REP.root)))];
}

/** Every run queue. */
export function queuesOf(reader: Reader): QueueRecord[] {
  const locals = reader.locals();
  const own = locals.map((local, hart) => ({
    name: `the queue of hart ${hart}`,
    address: 0,
    threads: reader.list(local + HART.runHead, THREAD.runNext),
    tail: reader.word(local + HART.runTail),
    count: reader.word(local + HART.runCount),
  }));
  const addresses = new Set(locals.map((local) => reader.word(local + HART.runQueue)));
  addresses.delete(0);
  const shared = [...addresses].map((address) => ({
    name: `the run queue at ${hex(address)}`,
    address,
    threads: reader.list(address + RUN_QUEUE.head, THREAD.runNext),
    tail: reader.word(address + RUN_QUEUE.tail),
    count: reader.word(address + RUN_QUEUE.count),
  }));
  return [...own, ...shared];
}

/** Queues that are not what they say: their ends, their lengths, threads that are none or say otherwise. */
export function wrongQueues(
  reader: Reader,
  queues: readonly QueueRecord[],
  live: ReadonlySet<number>,
): string[] {
  return queues.flatMap(({ name, address, threads, tail, count }) => {
    const problems: string[] = [];
    if (threads.length !== count)
      problems.push(`${name} holds ${threads.length} threads and counts ${count}`);
    if ((threads.at(-1) ?? 0) !== tail && count > 0)
      problems.push(`${name} ends with another thread than its last`);
    for (const thread of threads) {
      if (!live.has(thread)) problems.push(`${name} holds ${hex(thread)}, which is no thread`);
      else if (reader.word(thread + THREAD.runQueue) !== address)
        problems.push(`${name} holds ${hex(thread)}, which says that it is elsewhere`);
    }
    return problems;
  });
}
