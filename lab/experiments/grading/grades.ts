/**
 * The notes' table of lock algorithms, and how a measured figure becomes a grade. What "low" means was fixed before
 * anything was measured: at most twice the least of the six; "medium" at most four times; "high" is more.
 */

/** A cell of the table: what the notes say about one lock in one respect. */
export type Grade = 'low' | 'medium' | 'high' | 'yes' | 'no' | 'shared' | 'private' | '1' | '1 (max 2)';

export const RESPECTS = ['latency', 'contention', 'fair', 'spin', 'rmw', 'space', 'signals one'] as const;
export type Respect = (typeof RESPECTS)[number];

/** The row of a lock in the notes. Spin with delay is the exponential backoff of that page. */
export const NOTES_TABLE: Readonly<Record<string, readonly Grade[]>> = {
  'test-and-set': ['low', 'high', 'no', 'shared', 'high', 'low', 'no'],
  'spin-on-read': ['low', 'medium', 'no', 'shared', 'medium', 'low', 'no'],
  'exponential-backoff': ['low', 'low', 'no', 'shared', 'low', 'low', 'no'],
  ticket: ['low', 'low', 'yes', 'shared', 'low', 'low', 'no'],
  anderson: ['low', 'low', 'yes', 'private', '1', 'high', 'yes'],
  mcs: ['low', 'low', 'yes', 'private', '1 (max 2)', 'medium', 'yes'],
};

const LOW = 2;
const MEDIUM = 4;

/** A measured figure beside the least of all six. */
export function level(value: number, least: number): Grade {
  if (value <= LOW * least) return 'low';
  return value <= MEDIUM * least ? 'medium' : 'high';
}

/** Read-modify-writes per critical section: what the notes say with a number is compared with one. */
export function rmwLevel(perSection: number, said: Grade | undefined, least: number): Grade {
  if (said === '1') return perSection === 1 ? '1' : level(perSection, least);
  if (said === '1 (max 2)')
    return perSection >= 1 && perSection <= 2 ? '1 (max 2)' : level(perSection, least);
  return level(perSection, least);
}

/** Space by how it grows: one lock the same for any number of threads, with a node for each thread, or larger. */
export function spaceLevel(growsWithThreads: boolean, nodeSize: number): Grade {
  if (growsWithThreads) return 'high';
  return nodeSize > 0 ? 'medium' : 'low';
}
