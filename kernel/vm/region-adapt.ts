/**
 * Another degree of clustering for a region, and for its FCM, while others fault on them: by request, or where objects
 * adapt, of its own accord.
 *
 * *Locking:* none of its own: a region is replaced by a hot swap (objects/hot-swap.ts).
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { clusterSize, degreeOf } from '../objects/degree.ts';
import { startSwap } from '../objects/hot-swap.ts';
import { MANY_MOVES, noteUse } from '../objects/observed.ts';
import { ROOT } from '../objects/root.ts';
import { TYPE } from '../objects/types.ts';
import { fcmDegree } from './fcm-kinds.ts';
import { REGION } from './region-layout.ts';

// DOC: region-adapt
/** Where objects adapt: gives a region whose faults come from many harts the degree of clustering of its type. */
export function* adaptRegion(local: number, rep: number): Code {
  if ((yield load(local + HART.adapt)) === 0) return;
  if ((yield* noteUse(local, rep + REGION.observed)) < MANY_MOVES) return;
  if ((yield load((yield load(rep + REGION.root)) + ROOT.clusters)) > 1) return;
  // Where one representative is what the types have, or all that so few harts can have, there is nothing to gain.
  const { region, fcm } = yield* sizes(local, rep, undefined);
  if (Math.min(region, fcm) < (yield load(local + HART.harts))) yield* spreadRegion(local, rep, undefined);
}

/** Harts that are to share a representative of the region, and of its FCM, by a degree (default: of their types). */
function* sizes(
  local: number,
  rep: number,
  degree: number | undefined,
): Code<{ readonly region: number; readonly fcm: number }> {
  const own = degree ?? (yield* degreeOf(local, TYPE.region));
  const pages = degree ?? (yield* fcmDegree(local, yield load(rep + REGION.pages)));
  return { region: yield* clusterSize(local, own), fcm: yield* clusterSize(local, pages) };
}

/**
 * Begins to replace the region of a representative, and its FCM, by ones with another degree (default: those of their
 * types); gives 0, EBUSY if one is being replaced, or ENOMEM. The caller has a temporary reference.
 */
export function* spreadRegion(local: number, rep: number, degree: number | undefined): Code<number> {
  const { region, fcm } = yield* sizes(local, rep, degree);
  const root = yield load(rep + REGION.root);
  const swapped = yield* startSwap(local, yield load(root + ROOT.ref), { size: region });
  if (swapped !== 0) return swapped;
  return yield* startSwap(local, yield load(rep + REGION.fcm), { size: fcm });
}
