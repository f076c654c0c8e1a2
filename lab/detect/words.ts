/** Numbers and places as findings write them. */
import type { Access } from './access.ts';
import type { Actor } from './actor.ts';
import { doesToIt } from './access.ts';
import type { Involved } from './finding.ts';

export const hex = (word: number): string => `0x${(word >>> 0).toString(16).padStart(8, '0')}`;

/** `cycle 12,345`. */
export const atCycle = (cycle: number): string => `cycle ${Math.round(cycle).toLocaleString('en')}`;

/** `0x00010000`, or with its name: `0x00003004 (process table lock)`. */
export const located = (address: number, place: string | undefined): string =>
  place === undefined ? hex(address) : `${hex(address)} (${place})`;

/** Its hart is in the name already where there is no kernel. */
export const named = (actor: Actor, hart = actor.hart): string =>
  actor.name.includes('hart') ? actor.name : `${actor.name} (hart ${hart})`;

/** A finding's note of an access. */
export const involvedIn = ({
  who,
  hart,
  cycle,
  op,
}: Pick<Access, 'who' | 'hart' | 'cycle' | 'op'>): Involved => ({
  who: who.name,
  hart,
  cycle,
  instruction: doesToIt(op),
});
