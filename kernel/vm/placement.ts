/**
 * Placement: on which node a page of memory is to lie.
 *
 *   first-touch  on that of the hart that brings it in
 *   interleave   pages of a mapping go round the nodes
 *   bind         on one node, and nowhere else (by option: node 0)
 *   migrate      as first-touch, and later on that of the hart that touches it next (page-move.ts)
 *   replicate    as first-touch; a copy of memory that only reads a page of what it was copied from has one near itself
 *
 * An FCM begins with the kernel's (`kernel.placement`), and gets another by a call (memoryPlace), which pages that are
 * resident do not follow.
 *
 * *Locking:* none. Both words are read at a glance, when a page is brought in.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { PLACEMENT } from '../abi/flags.ts';
import { HART } from '../hart-local.ts';
import { dsmOf } from './dsm.ts';
import { FCM } from './fcm-layout.ts';
import { PAGE } from './page-descriptor.ts';
import { primaryOf } from './part-tree.ts';

/** Names of the policies, by PLACEMENT. */
export const PLACEMENTS = Object.freeze([
  'first-touch',
  'interleave',
  'bind',
  'migrate',
  'replicate',
] as const);
export type PlacementName = (typeof PLACEMENTS)[number];

/** Where a frame is to come from: which node first, and how many nodes from there on. */
export interface Place {
  readonly node: number;
  readonly distance: number | undefined;
}

/** PLACEMENT of the FCM of a representative. */
export function* placementOf(fcm: number): Code<number> {
  return yield load((yield* primaryOf(fcm)) + FCM.placement);
}

// DOC: wants-replica
/**
 * Whether a copy, by one of its representatives, is to have a page near the hart at `home`, instead of reading that of
 * its ancestor, which nobody stores to any more: a store makes a page of its own in any case, so no replica is ever
 * other than what it is of.
 */
export function* wantsReplica(copy: number, home: number, page: number): Code<boolean> {
  const node = yield load(home + HART.node);
  const frame = yield load(page + PAGE.frame);
  if (((frame / (yield load(home + HART.memoryPerNode))) | 0) === node) return false;
  if ((yield* placementOf(copy)) !== PLACEMENT.REPLICATE) return false;
  return !(yield* (yield* dsmOf(home, node)).isLow());
}

// DOC: place-of-page
/** Where a new page of the FCM of a part is to lie. `home` is the HART that wants it. */
export function* placeOfPage(part: number, index: number, home: number): Code<Place> {
  const primary = yield* primaryOf(part);
  const placement = yield load(primary + FCM.placement);
  if (placement === PLACEMENT.BIND) return { node: yield load(primary + FCM.node), distance: 1 };
  const node =
    placement === PLACEMENT.INTERLEAVE
      ? index % (yield load(home + HART.nodes))
      : yield load(home + HART.node);
  return { node, distance: undefined };
}

/** Gives the FCM of a part another placement. */
export function* setPlacement(part: number, placement: number, node: number): Code {
  const primary = yield* primaryOf(part);
  yield store(primary + FCM.node, node);
  yield store(primary + FCM.placement, placement);
}
