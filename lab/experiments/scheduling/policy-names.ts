/** The policies of the literature, by the names that the kernel gives them. */

/** Those that experiments on affinity compare; what Squillante and Lazowska call them is in the summaries. */
export const AFFINITY_POLICIES = [
  'fcfs',
  'last-processor',
  'minimum-intervening',
  'limited-minimum-intervening',
  'minimum-intervening-plus-queue',
  'fixed-processor',
] as const;
