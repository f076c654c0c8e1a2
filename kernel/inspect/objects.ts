/** Clustered objects as plain host-side records: roots, representatives, what is in limbo. */
import { CLASS } from '../classes.ts';
import { HART } from '../hart-local.ts';
import { FIXED_ROOT } from '../objects/fixed-root.ts';
import { MEDIATOR } from '../objects/mediator.ts';
import { ROOT } from '../objects/root.ts';
import type { Reader } from './reader.ts';

const setBytes = (reader: Reader): number => 4 * ((reader.harts + 31) >>> 5);

/** Representatives of a root, by cluster; 0 where a cluster has none. */
export function slotsOf(reader: Reader, root: number): number[] {
  if (reader.word(root + ROOT.class) === CLASS.fixedRoot) return [reader.word(root + FIXED_ROOT.rep)];
  const first = root + ROOT.transSet + setBytes(reader);
  return Array.from({ length: reader.word(root + ROOT.clusters) }, (_, cluster) =>
    reader.word(first + 4 * cluster),
  );
}

/** Representatives of a root that there are. */
export const repsOfRoot = (reader: Reader, root: number): number[] =>
  slotsOf(reader, root).filter((rep) => rep !== 0);

/** Whether a root knows that a hart may have the object in its translation table. */
export const hasHart = (reader: Reader, root: number, hart: number): boolean =>
  ((reader.word(root + ROOT.transSet + 4 * (hart >>> 5)) >>> (hart & 31)) & 1) === 1;

/** Roots and mediators in limbo, by hart. */
export const limboOf = (reader: Reader, hart: number): number[] =>
  [HART.limboWaiting, HART.limboCurrent].flatMap((list) =>
    reader.list(reader.local(hart) + list, ROOT.limboNext),
  );

/** All blocks of the heap that belong to a root: itself, its representatives, and what comes with them. */
export function blocksOf(reader: Reader, root: number): number[] {
  const mediator = reader.word(root + ROOT.mediator);
  const successor = mediator === 0 ? 0 : reader.word(mediator + MEDIATOR.newRoot);
  const next = successor !== 0 && reader.word(root + ROOT.ownsRef) === 1 ? [successor] : [];
  return [
    ...[root, ...next].flatMap((each) => [each, ...repsOfRoot(reader, each)]),
    reader.word(root + ROOT.record),
    mediator,
  ].filter((block) => block !== 0);
}
