/**
 * Calls between domains by LRPC: an A-stack is free, or in exactly one linkage record of exactly one thread; a call that
 * is under way comes back to a user context that exists, or its client has gone; a busy linkage's binding lives. What the
 * domains share, and the stacks that calls run on, are accounted for (call-memory.ts).
 */
import { CLASS } from '../classes.ts';
import { BINDING, CALL, EXPORT, LINKAGE } from '../ipc/lrpc/layout.ts';
import { PROCESS } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';
import { checkSharedMemory, checkStacks, linkagesOf } from './call-memory.ts';
import { type Findings, hex } from './findings.ts';
import type { Reader } from './reader.ts';
import { stateName } from './threads.ts';

export function checkLrpc(reader: Reader): Findings {
  const problems: string[] = [];
  const inCalls = new Map<number, number>();
  for (const process of reader.processes()) {
    for (const thread of reader.threads(process)) {
      if (stateName(reader.word(thread + THREAD.state)) === 'ended') continue;
      problems.push(...checkThread(reader, thread, inCalls));
    }
  }
  const bindings = repsOf(reader, CLASS.binding);
  let stacks = 0;
  for (const binding of bindings) {
    for (const linkage of linkagesOf(reader, binding)) {
      stacks += 1;
      problems.push(...checkLinkage(reader, linkage, inCalls));
      inCalls.delete(linkage);
    }
  }
  for (const [linkage] of inCalls)
    problems.push(`a thread is in a call at ${hex(linkage)}, which no binding has`);
  problems.push(...checkLists(reader, bindings), ...checkSharedMemory(reader, bindings));
  return { counted: `${stacks} A-stacks of ${bindings.length} bindings`, problems };
}

function checkThread(reader: Reader, thread: number, inCalls: Map<number, number>): string[] {
  const problems: string[] = [];
  for (const linkage of reader.linkages(thread)) {
    const who = `the linkage at ${hex(linkage)}`;
    if (inCalls.has(linkage)) problems.push(`${who} is in two calls`);
    inCalls.set(linkage, thread);
    if (reader.word(linkage + LINKAGE.thread) !== thread)
      problems.push(`${who} names another thread than that in it`);
    const gone = reader.word(linkage + LINKAGE.gone) !== 0;
    if (!gone && reader.recordOf(reader.word(linkage + LINKAGE.client)) === 0)
      problems.push(`${who} would return to a process that does not exist`);
    const context = reader.word(linkage + LINKAGE.context);
    if (!gone && reader.machine.context(context) === undefined)
      problems.push(`${who} would return to a context that does not exist`);
  }
  return problems;
}

function checkLinkage(reader: Reader, linkage: number, inCalls: ReadonlyMap<number, number>): string[] {
  const state = reader.word(linkage + LINKAGE.state);
  const who = `the linkage at ${hex(linkage)}`;
  const limit = reader.word(linkage + LINKAGE.limit);
  if (limit !== 0 && (state !== CALL.calling || reader.word(limit + THREAD.limits) !== linkage))
    return [`${who} has a time limit that knows nothing of it`];
  if (state === CALL.calling)
    return inCalls.has(linkage) ? [] : [`${who} is taken, and no thread is in that call`];
  if (state !== CALL.idle) return [`${who} is held by nobody in the kernel`];
  const thread = reader.word(linkage + LINKAGE.thread);
  if (inCalls.has(linkage)) return [`${who} is free and in a call`];
  return thread === 0 ? [] : [`${who} is free and names a thread`];
}

/** Who lists what: a binding that is listed is in its client's list, an export has as many bindings as it counts. */
function checkLists(reader: Reader, bindings: readonly number[]): string[] {
  const problems: string[] = [];
  const listed = new Set(
    reader.processes().flatMap((process) => reader.list(process + PROCESS.bindings, BINDING.clientNext)),
  );
  for (const binding of bindings)
    if (listed.has(binding) !== (reader.word(binding + BINDING.listed) !== 0))
      problems.push(
        `the binding at ${hex(binding)} is ${listed.has(binding) ? '' : 'not '}listed, and says otherwise`,
      );
  const exports = repsOf(reader, CLASS.exported);
  const exported = exports.flatMap((each) => reader.list(each + EXPORT.bindings, BINDING.exportNext));
  for (const each of exports) {
    const own = reader.list(each + EXPORT.bindings, BINDING.exportNext);
    problems.push(
      ...checkStacks(
        reader,
        each,
        own.flatMap((binding) => linkagesOf(reader, binding)),
      ),
    );
  }
  if (new Set(exported).size !== exported.length || bindings.some((binding) => !exported.includes(binding)))
    problems.push('a binding is not in exactly one export’s list');
  return problems;
}

const repsOf = (reader: Reader, classWord: number): number[] =>
  reader
    .usedRefs()
    .map((ref) => reader.repOf(ref))
    .filter((rep) => rep !== 0 && reader.word(rep) === classWord);
