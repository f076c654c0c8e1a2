/**
 * Objects: an installed translation entry points to a live representative of a live object, the one of its hart's
 * cluster (or, when memory was out, the first one); the object's root knows the tables that have it; no representative
 * is shared by two objects, or lost from its root; counts are never negative; what is in limbo is counted.
 */
import { CLASS, className } from '../classes.ts';
import { HART } from '../hart-local.ts';
import { GARBAGE } from '../objects/limbo.ts';
import { insideOf } from '../locks/counted.ts';
import { MEDIATOR, PHASE } from '../objects/mediator.ts';
import { REP, ROOT } from '../objects/root.ts';
import { PROCESS, PROCESS_REP, PROCESS_STATE } from '../processes/process.ts';
import { STATE, THREAD, WAIT } from '../threads/thread.ts';
import { SYNC_CLASSES } from '../sync/layout.ts';
import { LINK } from '../vm/region-list.ts';
import { REGION } from '../vm/region-layout.ts';
import { type Findings, hex } from './findings.ts';
import { hasHart, limboOf, repsOfRoot, slotsOf } from './objects.ts';
import type { Reader } from './reader.ts';

/** Users that a count cannot have: it has fallen below 0. */
const TOO_MANY = 1 << 24;

const REPS: ReadonlySet<number> = new Set([
  CLASS.processRep,
  CLASS.region,
  CLASS.fcmAnonymous,
  CLASS.fcmDisk,
  CLASS.fcmCopy,
  CLASS.grant,
  CLASS.corDisk,
  CLASS.corFile,
  CLASS.dsm,
  CLASS.hat,
  CLASS.counterPartitioned,
  CLASS.counterReplicated,
  CLASS.exported,
  CLASS.binding,
  CLASS.aStacks,
  CLASS.segment,
  CLASS.port,
  CLASS.right,
  CLASS.runQueue,
  ...SYNC_CLASSES,
]);

export function checkObjects(reader: Reader): Findings {
  const problems: string[] = [];
  const used = reader.usedRefs();
  const refs = used.filter((ref) => reader.rootOf(ref) !== 0);
  const owners = new Map<number, number>();
  for (const ref of refs) problems.push(...checkRoot(reader, ref, owners));
  let installed = 0;
  for (let hart = 0; hart < reader.harts; hart += 1) {
    for (const ref of used) {
      const entry = reader.translation(hart, ref);
      if (entry === 0) continue;
      installed += 1;
      problems.push(...checkEntry(reader, hart, ref, entry));
    }
  }
  for (const process of reader.processes()) problems.push(...negativeCounts(reader, process));
  const { count, broken } = checkLimbo(reader, refs);
  problems.push(...broken);
  const limbo = count === 0 ? '' : `, ${count} in limbo`;
  return {
    counted: `${refs.length} objects, ${owners.size} representatives, ${installed} installed entries${limbo}`,
    problems,
  };
}

const isFixed = (reader: Reader, root: number): boolean => reader.word(root + ROOT.class) === CLASS.fixedRoot;

function checkRoot(reader: Reader, ref: number, owners: Map<number, number>): string[] {
  const root = reader.rootOf(ref);
  const problems: string[] = [];
  const fixed = isFixed(reader, root);
  if (!fixed && reader.word(root + ROOT.class) !== CLASS.root)
    return [`object ${ref} has no root at ${hex(root)}`];
  for (const rep of repsOfRoot(reader, root)) {
    const word = reader.word(rep);
    if (!REPS.has(word)) problems.push(`object ${ref} has a representative of class "${className(word)}"`);
    if (owners.has(rep)) problems.push(`objects ${owners.get(rep)} and ${ref} share a representative`);
    owners.set(rep, ref);
    if (!fixed && reader.word(rep + REP.root) !== root)
      problems.push(`a representative of object ${ref} has another root`);
  }
  return problems;
}

function checkEntry(reader: Reader, hart: number, ref: number, entry: number): string[] {
  const root = reader.rootOf(ref);
  if (root === 0) return [`hart ${hart} has dead object ${ref} installed`];
  if (isFixed(reader, root))
    return entry === reader.repOf(ref) ? [] : [`hart ${hart} has no DSM at ${hex(entry)}`];
  const problems: string[] = [];
  if (!hasHart(reader, root, hart)) problems.push(`the root of object ${ref} does not know hart ${hart}`);
  const mediator = reader.word(root + ROOT.mediator);
  const own = slotsOf(reader, root)[Math.floor(hart / reader.word(root + ROOT.size))];
  const allowed = mediator !== 0 ? [mediator] : [own, reader.word(root + ROOT.primary)];
  if (!allowed.includes(entry))
    problems.push(`hart ${hart} has another representative of object ${ref} than its root`);
  return problems;
}

function checkLimbo(reader: Reader, live: readonly number[]): { count: number; broken: string[] } {
  const broken: string[] = [];
  const roots = new Set(live.map((ref) => reader.rootOf(ref)));
  let count = 0;
  for (let hart = 0; hart < reader.harts; hart += 1) {
    for (const item of limboOf(reader, hart)) {
      count += 1;
      if (roots.has(item)) broken.push(`the object at ${hex(item)} is alive and in limbo`);
      const mediates = reader.word(item) === CLASS.mediator;
      const phase = mediates ? reader.word(item + MEDIATOR.phase) : PHASE.forward;
      // After a swap that came to nothing the mediator is completed, and waits to be freed.
      if (phase !== PHASE.forward && phase !== PHASE.completed)
        broken.push(`the mediator at ${hex(item)} is in limbo and no longer forwards`);
    }
    for (const index of [0, 1])
      if (reader.word(reader.local(hart) + HART.active + 4 * index) < 0)
        broken.push(`hart ${hart} has temporary references below 0`);
  }
  if (count !== reader.word(GARBAGE))
    broken.push(`${count} are in limbo, ${reader.word(GARBAGE)} are counted`);
  return { count, broken };
}

function negativeCounts(reader: Reader, process: number): string[] {
  const number = reader.word(process + PROCESS.number);
  const counts = { running: PROCESS.running, attached: PROCESS.attached, children: PROCESS.childCount };
  const problems = Object.entries(counts)
    .filter(([, offset]) => reader.word(process + offset) < 0)
    .map(([name]) => `process ${number} counts ${name} below 0`);
  const repsOf = (ref: number): number[] => {
    const root = ref > 0 ? reader.rootOf(ref) : 0;
    return root === 0 ? [] : repsOfRoot(reader, root);
  };
  for (const rep of repsOf(reader.word(process + PROCESS.ref))) {
    if (insideOf(reader.word(rep + PROCESS_REP.inUse)) >= TOO_MANY)
      problems.push(`process ${number} is in use below 0`);
  }
  problems.push(...threadCounts(reader, process, repsOf(reader.word(process + PROCESS.ref))));
  for (const link of reader.links(process)) {
    for (const rep of repsOf(reader.word(link + LINK.region)))
      if (insideOf(reader.word(rep + REGION.inUse)) >= TOO_MANY)
        problems.push(`region ${hex(reader.word(link + LINK.base))} is in use below 0`);
  }
  return problems;
}

/**
 * Each representative counts the threads that it lists, but for ended ones; the record, how many representatives have any.
 * The last of a process that waits for guests has left already, as far as who runs is asked.
 */
function threadCounts(reader: Reader, process: number, reps: readonly number[]): string[] {
  const number = reader.word(process + PROCESS.number);
  const live = reader.word(process + PROCESS.state) === PROCESS_STATE.live;
  const problems: string[] = [];
  for (const name of ['running', 'attached'] as const) {
    const isThere = (thread: number): boolean =>
      reader.word(thread + THREAD.state) !== STATE.ended &&
      (name === 'attached' || reader.word(thread + THREAD.waitReason) !== WAIT.guests);
    let parts = 0;
    for (const rep of reps) {
      const there = reader.list(rep + PROCESS_REP.threads, THREAD.next).filter(isThere).length;
      const counted = reader.word(rep + PROCESS_REP[name]);
      if (there > 0) parts += 1;
      if (counted !== there)
        problems.push(`process ${number} counts ${counted} threads ${name} where ${there} are`);
    }
    const counted = reader.word(process + PROCESS[name]);
    if (live && counted !== parts)
      problems.push(`process ${number} counts ${counted} representatives with threads ${name}, not ${parts}`);
  }
  return problems;
}
