/** The MCS lock of the library, as the zoo takes it: each hart has a q-node of its own. */
import type { Code } from '../../../hw/isa/index.ts';
import { McsLock } from '../../../userland/index.ts';
import { word } from '../bug.ts';

export const TAIL = word(0);
export const next = (node: number): number => node;
export const gotIt = (node: number): number => node + 4;
export const nodeOf = (hart: number): number => word(1 + hart);

const library = new McsLock(TAIL);

export const mcs = {
  acquire: (hart: number): Code => library.acquire(nodeOf(hart)),
  release: (hart: number): Code => library.release(nodeOf(hart)),
};
