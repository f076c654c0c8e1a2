/** The protocols that the machine can be built with, and the sizes of the models that they are checked in. */
import { DRAGON } from '../../../../hw/coherence/dragon.ts';
import { MESI } from '../../../../hw/coherence/mesi.ts';
import type { Size } from './global-state.ts';
import type { Row } from './table.ts';

export const PROTOCOLS: readonly { readonly name: string; readonly rows: readonly Row[] }[] = [
  { name: 'MESI', rows: MESI },
  { name: 'Dragon', rows: DRAGON },
];

/** Two and three caches; one line, two that compete for room, and two that do not. */
export const SIZES: readonly Size[] = [2, 3].flatMap((caches) => [
  { caches, lines: 1, slots: 1 },
  { caches, lines: 2, slots: 1 },
  { caches, lines: 2, slots: 2 },
]);
