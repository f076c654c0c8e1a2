/**
 * TLB shootdown: drops translations on every hart that may hold them.
 *
 * The page table has been changed before; here each hart of the set gets a request in its mailbox and an
 * interrupt, and the call returns only when all have answered. The initiator serves its own mailbox
 * meanwhile. A hart that joins the set later walks the changed table.
 */
import { type Code, load, sendInterrupt, step } from '../../hw/isa/index.ts';
import { HART, localBase, localOf } from '../hart-local.ts';
import { awaitAnswers, dropTranslations, postRequest } from '../locks/mailbox.ts';
import type { HartSet } from '../memory/hart-set.ts';
import { STEP } from '../steps.ts';

/** Drops `count` pages from `page` on (0: all) of an address space from the TLBs of the harts of a set. */
export function* shootdown(harts: HartSet, asid: number, page: number, count: number): Code {
  yield* step(STEP.shootdown, page, shootdownAll(harts, asid, page, count));
}

// DOC: shootdown-all
function* shootdownAll(set: HartSet, asid: number, page: number, count: number): Code {
  const local = yield* localBase();
  const me = yield load(local + HART.hart);
  const harts = yield load(local + HART.harts);
  yield* dropTranslations(asid, page, count);
  for (let hart = yield* set.next(0, harts); hart >= 0; hart = yield* set.next(hart + 1, harts)) {
    if (hart === me) continue;
    const target = yield* localOf(local, hart);
    yield* postRequest(local, target, asid, page, count);
    yield sendInterrupt(hart);
  }
  for (let hart = yield* set.next(0, harts); hart >= 0; hart = yield* set.next(hart + 1, harts)) {
    if (hart !== me) yield* awaitAnswers(local, yield* localOf(local, hart));
  }
}
