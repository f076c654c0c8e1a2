/** The names of the ways to search, which the command line needs; strategies.ts has the searches. */
export const STRATEGIES = ['bound', 'round-robin', 'random', 'pct', 'dpor'] as const;
export type Strategy = (typeof STRATEGIES)[number];
