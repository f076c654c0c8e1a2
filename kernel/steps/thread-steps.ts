/** Steps of threads, and of calls between processes. */
export const THREAD_STEPS = [
  {
    key: 'threadStart',
    name: 'thread start',
    kind: 'thread',
    summary: 'A new thread on its way to user mode. Object: the thread.',
  },
  {
    key: 'dispatch',
    name: 'dispatcher switch',
    kind: 'thread',
    summary: 'Makes ready to run a thread. Object: the thread.',
  },
  {
    key: 'undispatch',
    name: 'dispatcher return',
    kind: 'thread',
    summary: 'Tidies up after a thread gave the hart away. Object: HART.',
  },
  {
    key: 'ppcMail',
    name: 'remote calls',
    kind: 'thread',
    summary: 'Gives calls from other harts to workers. Object: HART.',
  },
  {
    key: 'handOver',
    name: 'hand over',
    kind: 'thread',
    summary: 'Makes ready to run a thread without the dispatcher. Object: the thread.',
  },
  {
    key: 'wake',
    name: 'wake by clock',
    kind: 'thread',
    summary: 'Wakes a thread whose time has come. Object: the thread.',
  },
  {
    key: 'reap',
    name: 'thread reap',
    kind: 'thread',
    summary: 'Frees the contexts of a thread that has left. Object: the thread.',
  },
  {
    key: 'lrpcValidate',
    name: 'LRPC validate',
    kind: 'object',
    summary: 'Checks binding, procedure and A-stack, and claims the linkage. Object: the thread.',
  },
  {
    key: 'lrpcStack',
    name: 'LRPC E-stack',
    kind: 'memory',
    summary: 'Ties an E-stack to an A-stack that has none. Object: the linkage.',
  },
  {
    key: 'lrpcEnter',
    name: 'LRPC enter',
    kind: 'thread',
    summary: 'Fills the linkage and puts the thread into the server’s domain. Object: the thread.',
  },
  {
    key: 'lrpcExchange',
    name: 'LRPC exchange',
    kind: 'thread',
    summary:
      'Changes places with a hart that idles in the domain that a call or return leads to. Object: the thread.',
  },
  {
    key: 'lrpcReturn',
    name: 'LRPC return',
    kind: 'thread',
    summary: 'Pops the linkage: the thread is in its caller’s domain again. Object: the thread.',
  },
  {
    key: 'lrpcLimit',
    name: 'LRPC time limit',
    kind: 'thread',
    summary:
      'Sees what has become of a call whose time is up. Object: the thread that goes on for the caller.',
  },
] as const;
