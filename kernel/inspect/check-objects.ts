/**
 * Objects: an installed translation entry points to the representative of a live object, whose class word
 * names a class; a root's set of harts covers the tables that have it; counts are never negative.
 */
import { CLASS, className } from '../classes.ts';
import { SHARED_ROOT } from '../objects/shared-root.ts';
import { PROCESS } from '../processes/process.ts';
import { LINK } from '../vm/region-list.ts';
import { REGION } from '../vm/region.ts';
import { type Findings, hex } from './findings.ts';
import type { Reader } from './reader.ts';

const REPS: ReadonlySet<number> = new Set([
  CLASS.process,
  CLASS.region,
  CLASS.fcmAnonymous,
  CLASS.fcmDisk,
  CLASS.corDisk,
  CLASS.dsm,
  CLASS.hat,
]);

export function checkObjects(reader: Reader): Findings {
  const problems: string[] = [];
  const used = reader.usedRefs();
  const refs = liveRefs(reader, used, problems);
  let installed = 0;
  for (let hart = 0; hart < reader.harts; hart += 1) {
    for (const ref of used) {
      const entry = reader.translation(hart, ref);
      if (entry === 0) continue;
      installed += 1;
      if (!refs.has(ref)) problems.push(`hart ${hart} has dead object ${ref} installed`);
      else if (entry !== reader.repOf(ref))
        problems.push(`hart ${hart} has another representative of object ${ref}`);
      else if (!hasHart(reader, reader.rootOf(ref), hart))
        problems.push(`the root of object ${ref} does not know hart ${hart}`);
    }
  }
  for (const process of reader.processes()) problems.push(...negativeCounts(reader, process));
  return { counted: `${refs.size} objects, ${installed} installed entries`, problems };
}

function liveRefs(reader: Reader, used: readonly number[], problems: string[]): Set<number> {
  const refs = used.filter((ref) => reader.rootOf(ref) !== 0);
  for (const ref of refs) {
    const root = reader.rootOf(ref);
    const word = reader.word(reader.repOf(ref));
    if (reader.word(root + SHARED_ROOT.class) !== CLASS.sharedRoot)
      problems.push(`object ${ref} has no root at ${hex(root)}`);
    if (!REPS.has(word)) problems.push(`object ${ref} has a representative of class "${className(word)}"`);
  }
  return new Set(refs);
}

const hasHart = (reader: Reader, root: number, hart: number): boolean =>
  ((reader.word(root + SHARED_ROOT.installed + 4 * (hart >>> 5)) >>> (hart & 31)) & 1) === 1;

function negativeCounts(reader: Reader, process: number): string[] {
  const number = reader.word(process + PROCESS.number);
  const counts = { running: PROCESS.running, attached: PROCESS.attached, children: PROCESS.childCount };
  const problems = Object.entries(counts)
    .filter(([, offset]) => reader.word(process + offset) < 0)
    .map(([name]) => `process ${number} counts ${name} below 0`);
  for (const link of reader.links(process)) {
    const region = reader.repOf(reader.word(link + LINK.region));
    if (region !== 0 && reader.word(region + REGION.inUse) < 0)
      problems.push(`region ${hex(reader.word(link + LINK.base))} is in use below 0`);
  }
  return problems;
}
