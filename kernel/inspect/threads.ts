/** Which threads there are, and what each waits for: what a deadlock report is made from. */
import type { Machine } from '../../hw/machine.ts';
import { PROCESS } from '../processes/process.ts';
import { LINKAGE } from '../ipc/lrpc/layout.ts';
import { STATE, THREAD, WAITS } from '../threads/thread.ts';
import { HART } from '../hart-local.ts';
import { Reader } from './reader.ts';

export interface ThreadReport {
  readonly process: number;
  readonly thread: number;
  readonly hart: number;
  readonly state: keyof typeof STATE;
  readonly userContext: number;
  readonly kernelContext: number;
  /** Process that it executes in: another one while it is in a call. */
  readonly domain: number;
  /** User contexts from which it is in calls, with their processes (0: it has ended), the innermost first. */
  readonly callers: readonly { readonly context: number; readonly domain: number }[];
  /** Lowest address of its user stack. */
  readonly stackBase: number;
  /** Name of what it waits for (a row of WAITS), the object, and since when; undefined if it does not wait. */
  readonly waits: { readonly for: string; readonly object: number; readonly since: number } | undefined;
}

/** The numbers of the thread whose record lies at an address, and of its process. */
export function threadAt(
  machine: Machine,
  record: number,
): { readonly process: number; readonly thread: number } {
  const reader = new Reader(machine);
  const process = numberOf(reader, reader.word(record + THREAD.home));
  return { process, thread: reader.word(record + THREAD.number) };
}

/** Every thread of every process. */
export function inspectThreads(machine: Machine): ThreadReport[] {
  const reader = new Reader(machine);
  if (!reader.loaded) return [];
  return reader.processes().flatMap((process) => {
    const number = reader.word(process + PROCESS.number);
    return reader.threads(process).map((thread) => report(reader, number, thread));
  });
}

function report(reader: Reader, process: number, thread: number): ThreadReport {
  const field = (offset: number): number => reader.word(thread + offset);
  const state = stateName(field(THREAD.state));
  const ended = state === 'ended';
  const waits =
    state === 'waiting' || state === 'blocked'
      ? {
          for: WAITS[field(THREAD.waitReason)]?.name ?? 'none',
          object: field(THREAD.waitObject),
          since: field(THREAD.waitSince) >>> 0,
        }
      : undefined;
  return {
    process,
    thread: field(THREAD.number),
    hart: field(THREAD.hart),
    state,
    userContext: ended ? 0 : field(THREAD.userContext),
    kernelContext: ended ? 0 : field(THREAD.kernelContext),
    domain: numberOf(reader, field(THREAD.process)),
    callers: ended
      ? []
      : reader.linkages(thread).map((linkage) => ({
          context: reader.word(linkage + LINKAGE.context),
          domain:
            reader.word(linkage + LINKAGE.gone) === 0
              ? numberOf(reader, reader.word(linkage + LINKAGE.client))
              : 0,
        })),
    stackBase: field(THREAD.stackBase),
    waits,
  };
}

function numberOf(reader: Reader, ref: number): number {
  const record = reader.recordOf(ref);
  return record === 0 ? 0 : reader.word(record + PROCESS.number);
}

/** The name of a thread state. */
export function stateName(state: number): keyof typeof STATE {
  const names = Object.keys(STATE) as (keyof typeof STATE)[];
  return names.find((name) => STATE[name] === state) ?? 'embryo';
}

/** "process 1 thread 3 waits on futex 0x00012340 since cycle 1234". */
export function describeWait(thread: ThreadReport): string {
  const who = `process ${thread.process} thread ${thread.thread}`;
  if (thread.waits === undefined) return `${who} is ${thread.state} on hart ${thread.hart}`;
  const row = WAITS.find((wait) => wait.name === thread.waits?.for);
  const object =
    thread.waits.for === 'futex' || thread.waits.for === 'region'
      ? hex(thread.waits.object)
      : String(thread.waits.object);
  const what = (row?.text ?? 'something').replace('@', object);
  return `${who} waits ${thread.waits.for === 'futex' ? 'on' : 'for'} ${what} since cycle ${thread.waits.since}`;
}

const hex = (address: number): string => `0x${(address >>> 0).toString(16).padStart(8, '0')}`;

/** Whose context it is. */
export type Owner =
  | {
      readonly kind: 'user' | 'kernel';
      readonly process: number;
      readonly thread: number;
      readonly hart: number;
    }
  | { readonly kind: 'dispatcher'; readonly hart: number }
  | { readonly kind: 'unknown' };

/** Which thread's, or which hart's dispatcher's, a context is. */
export function whoIs(machine: Machine, context: number): Owner {
  for (const { process, thread, hart, userContext, kernelContext, callers } of inspectThreads(machine)) {
    if (context === userContext || callers.some((caller) => caller.context === context))
      return { kind: 'user', process, thread, hart };
    if (context === kernelContext) return { kind: 'kernel', process, thread, hart };
  }
  const reader = new Reader(machine);
  const locals = reader.loaded ? reader.locals() : [];
  const hart = locals.findIndex((local) => reader.word(local + HART.dispatcher) === context);
  return hart < 0 ? { kind: 'unknown' } : { kind: 'dispatcher', hart };
}
