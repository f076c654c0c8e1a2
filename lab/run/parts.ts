/** Parts of a guided run, in the order in which they are drawn. */
export const PARTS = ['machine', 'boot', 'fault', 'cycles', 'checks'] as const;
export type Part = (typeof PARTS)[number];
