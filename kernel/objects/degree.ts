/**
 * The degree of clustering: how many harts share a representative. `shared`: all of them; `node`: those of a node;
 * `hart`: each has its own; `group:4`: four neighbours. In memory a degree is one word: 0, -1, 1, 4.
 *
 * A root has room for MOST_CLUSTERS representatives, so on larger machines more harts share one.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { HART } from '../hart-local.ts';
import { NODE_BLOCK } from '../layout.ts';

/** Most representatives of an object. */
const MOST_CLUSTERS = 256;

/** The words of the degrees that have a name. */
export const DEGREE = Object.freeze({ shared: 0, node: -1, hart: 1 });

/** How degrees are written, for messages. */
export const DEGREE_EXAMPLES: readonly string[] = Object.freeze(['shared', 'group:4', 'node', 'hart']);

/** The word of a degree as it is written, or undefined if it is none. */
export function parseDegree(text: string): number | undefined {
  if (Object.hasOwn(DEGREE, text)) return DEGREE[text as keyof typeof DEGREE];
  const size = Number(/^group:([1-9]\d{0,3})$/.exec(text)?.[1]);
  return size <= 1024 ? size : undefined;
}

/** The degree that a type has by configuration. */
export function* degreeOf(local: number, type: number): Code<number> {
  return yield load((yield load(local + HART.nodeBlock)) + NODE_BLOCK.degrees + 4 * type);
}

/** The degree that a new object begins with: one representative where objects adapt, or what it is to have. */
export function* firstDegree(local: number, degree: number): Code<number> {
  return (yield load(local + HART.adapt)) !== 0 ? DEGREE.shared : degree;
}

/** How many harts share a representative on this machine. */
export function* clusterSize(local: number, degree: number): Code<number> {
  const harts = yield load(local + HART.harts);
  const wanted = degree < 0 ? yield load(local + HART.hartsPerNode) : degree;
  const least = Math.ceil(harts / MOST_CLUSTERS);
  return wanted === 0 ? harts : Math.min(harts, Math.max(wanted, least));
}

/** The degree that a call asks for: a representative for every so many harts (0: as configured); or EINVAL. */
export function* chosenDegree(local: number, type: number, harts: number): Code<number> {
  if (harts === 0) return yield* degreeOf(local, type);
  const all = yield load(local + HART.harts);
  if (harts < 0 || harts > all) return ERROR.EINVAL;
  return harts === all ? DEGREE.shared : harts;
}

/** Whether a degree came out as an error. (The degree *per node* is below 0, too.) */
export const isBadDegree = (degree: number): boolean => degree < DEGREE.node;
