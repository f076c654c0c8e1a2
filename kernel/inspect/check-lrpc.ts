/**
 * Calls between domains by LRPC: an A-stack is free, or in exactly one linkage record of exactly one thread; a call that
 * is under way comes back to a user context that exists, or its client has gone; a busy linkage's binding lives.
 */
import { CLASS } from '../classes.ts';
import { BINDING, BOUND, boundAt, CALL, CHUNK, EXPORT, LINKAGE, linkageAt } from '../ipc/lrpc/layout.ts';
import { PROCESS } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';
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
  problems.push(...checkLists(reader, bindings));
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
  if (new Set(exported).size !== exported.length || bindings.some((binding) => !exported.includes(binding)))
    problems.push('a binding is not in exactly one export’s list');
  return problems;
}

const repsOf = (reader: Reader, classWord: number): number[] =>
  reader
    .usedRefs()
    .map((ref) => reader.repOf(ref))
    .filter((rep) => rep !== 0 && reader.word(rep) === classWord);

/** Linkage records of a binding. */
function linkagesOf(reader: Reader, binding: number): number[] {
  const procedures = Array.from({ length: reader.word(binding + BINDING.count) }, (_, index) => index);
  return (
    procedures
      // One without calls of its own uses the A-stacks of another.
      .filter((procedure) => reader.word(boundAt(binding, procedure) + BOUND.calls) !== 0)
      .flatMap((procedure) => reader.list(boundAt(binding, procedure) + BOUND.chunk, CHUNK.next))
      .flatMap((chunk) =>
        Array.from({ length: reader.word(chunk + CHUNK.count) }, (_, index) => linkageAt(chunk, index)),
      )
  );
}
