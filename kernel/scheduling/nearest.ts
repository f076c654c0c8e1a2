/** The harts in the order of their distance from one: those of its node, then node by node. */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';

/** The hart that is `rank`th in distance from this one (0: itself), of all harts. */
export function* nthNearest(local: number, rank: number): Code<number> {
  const hart = yield load(local + HART.hart);
  const perNode = yield load(local + HART.hartsPerNode);
  const harts = yield load(local + HART.harts);
  const [node, place] = [Math.floor(hart / perNode), hart % perNode];
  const there = (node + Math.floor(rank / perNode)) % (harts / perNode);
  return there * perNode + ((place + rank) % perNode);
}
