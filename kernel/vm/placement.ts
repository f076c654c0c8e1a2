/**
 * Placement: on which node a page of memory is to lie.
 *
 *   first-touch  on that of the hart that brings it in
 *   interleave   pages of a mapping go round the nodes
 *   bind         on one node, and nowhere else (by option: node 0)
 *   migrate      as first-touch, and later on that of the hart that touches it next (page-move.ts)
 *
 * An FCM begins with the kernel's (`kernel.placement`), and gets another by a call (memoryPlace), which pages that are
 * resident do not follow.
 *
 * *Locking:* none. Both words are read at a glance, when a page is brought in.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { PLACEMENT } from '../abi/flags.ts';
import { HART } from '../hart-local.ts';
import { FCM } from './fcm-layout.ts';
import { primaryOf } from './part-tree.ts';

/** Names of the policies, by PLACEMENT. */
export const PLACEMENTS = Object.freeze(['first-touch', 'interleave', 'bind', 'migrate'] as const);
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
