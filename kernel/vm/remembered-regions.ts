/**
 * The regions that a representative of a process remembers, so that the next fault in one of them does not need the
 * list of the whole process. A region that is unmapped is forgotten by all representatives before it is destroyed.
 *
 * *Locking:* the `lock` of the representative guards what it remembers. A region is remembered under the lock of
 * the list (as a reader), too, while its link is live: so none is remembered after all have been told to forget it.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { acquire, release } from '../locks/mcs.ts';
import { Root } from '../objects/root.ts';
import type { ObjRef } from '../objects/translation-table.ts';
import { MEMORY, PROCESS_REP, REMEMBERED } from '../processes/process.ts';
import { LINK } from './region-list.ts';

const placeOf = (rep: number, index: number): number => rep + PROCESS_REP.regions + index * MEMORY.SIZE;

/** The region that covers an address, or 0 if this representative does not remember one. */
export function* remembered(rep: number, address: number): Code<ObjRef> {
  yield* acquire(rep + PROCESS_REP.lock);
  let region = 0;
  for (let index = 0; index < REMEMBERED && region === 0; index += 1) {
    const place = placeOf(rep, index);
    const base = yield load(place + MEMORY.base);
    if (base === 0 || address < base || address >= (yield load(place + MEMORY.end))) continue;
    region = yield load(place + MEMORY.region);
  }
  yield* release(rep + PROCESS_REP.lock);
  return region;
}

/** Remembers the region of a live link. The caller holds the lock of the process's regions. */
export function* lockedRemember(rep: number, link: number): Code {
  yield* acquire(rep + PROCESS_REP.lock);
  const next = yield load(rep + PROCESS_REP.next);
  const place = placeOf(rep, next);
  yield store(place + MEMORY.base, yield load(link + LINK.base));
  yield store(place + MEMORY.end, yield load(link + LINK.end));
  yield store(place + MEMORY.region, yield load(link + LINK.region));
  yield store(rep + PROCESS_REP.next, (next + 1) % REMEMBERED);
  yield* release(rep + PROCESS_REP.lock);
}

// DOC: forget-region
/** Has every representative of the process forget a region whose link is not live any more. */
export function* forgetRegion(local: number, rep: number, region: ObjRef): Code {
  const root = new Root(yield load(rep + PROCESS_REP.root));
  for (
    let cluster = yield* root.nextCluster(local, 0);
    cluster >= 0;
    cluster = yield* root.nextCluster(local, cluster + 1)
  ) {
    yield* forget(yield* root.repAt(local, cluster), region);
  }
}

function* forget(rep: number, region: ObjRef): Code {
  yield* acquire(rep + PROCESS_REP.lock);
  for (let index = 0; index < REMEMBERED; index += 1) {
    const place = placeOf(rep, index);
    if ((yield load(place + MEMORY.region)) === region) yield store(place + MEMORY.base, 0);
  }
  yield* release(rep + PROCESS_REP.lock);
}
