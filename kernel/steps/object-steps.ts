/** Steps of clustered objects and of the kernel heap. */
export const OBJECT_STEPS = [
  {
    key: 'heapRefill',
    name: 'heap refill',
    kind: 'memory',
    summary: 'Takes a list of free blocks from a pool. Object: the pool.',
  },
  {
    key: 'heapReturn',
    name: 'heap return',
    kind: 'memory',
    summary: 'Gives a list of free blocks to the pool that they are of. Object: the pool.',
  },
  {
    key: 'heapPage',
    name: 'heap page',
    kind: 'memory',
    summary: 'Takes a frame for a pool. Object: the pool.',
  },
  {
    key: 'objectMiss',
    name: 'translation miss',
    kind: 'object',
    summary: 'Miss handler table, root, installation. Object: the reference.',
  },
  {
    key: 'globalMiss',
    name: 'global miss handler',
    kind: 'object',
    summary: 'Finds the root in another hart’s partition. Object: the reference.',
  },
  {
    key: 'createRep',
    name: 'create representative',
    kind: 'object',
    summary: 'Makes a representative of an object for a cluster of harts. Object: the reference.',
  },
  {
    key: 'token',
    name: 'token',
    kind: 'object',
    summary: 'Ends what is in limbo and passes the token on. Object: HART.',
  },
  {
    key: 'teardown',
    name: 'process teardown',
    kind: 'object',
    summary: 'Frees the memory of a process. Object: the process.',
  },
] as const;
