/**
 * The types of clustered object: how each uses its representatives, and how many harts share one of them unless
 * `--set kernel.objects.TYPE=DEGREE` says otherwise (degree.ts says how a degree is written).
 *
 * `replicated`: every representative holds a copy of the same facts. `partitioned`: each holds a part of the whole.
 */
export const OBJECT_TYPES = [
  {
    name: 'process',
    policy: 'replicated',
    degree: 'hart',
    summary:
      'Mostly read: each holds the facts of the process and the regions that its harts looked up last.',
  },
  {
    name: 'region',
    policy: 'replicated',
    degree: 'group:4',
    summary: 'Each holds the bounds and rights, and counts the faults of its harts that are under way.',
  },
  {
    name: 'fcm',
    policy: 'partitioned',
    degree: 'group:4',
    summary: 'Each has the page descriptors of every n-th page. A small FCM has one.',
  },
  {
    name: 'counter',
    policy: 'partitioned',
    degree: 'hart',
    summary: 'The teaching example: each has a part of the value. (A replicated counter holds copies.)',
  },
  {
    name: 'rwlock',
    policy: 'partitioned',
    degree: 'hart',
    summary: 'Each counts the threads of its harts that read.',
  },
  {
    name: 'barrier',
    policy: 'partitioned',
    degree: 'group:4',
    summary: 'Each is a leaf of a tree, at which its members arrive and wait.',
  },
  {
    name: 'runQueue',
    policy: 'partitioned',
    degree: 'hart',
    summary:
      'Each holds threads that are ready, for its harts. Without an option its degree is the scheduling policy’s; round robin has none.',
  },
] as const;

export type ObjectType = (typeof OBJECT_TYPES)[number]['name'];

/** Row of a type by its name. */
export const TYPE = Object.freeze(
  Object.fromEntries(OBJECT_TYPES.map((row, index) => [row.name, index])),
) as Readonly<Record<ObjectType, number>>;
