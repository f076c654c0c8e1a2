/** Where new threads begin: on the harts in turn. */
import { type Code, fetchAndAdd, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';

/** The next hart in turn. */
export function* placeInTurn(local: number): Code<number> {
  const turn = yield fetchAndAdd(GLOBAL + NODE_BLOCK.nextHart, 1);
  return (turn >>> 0) % (yield load(local + HART.harts));
}
