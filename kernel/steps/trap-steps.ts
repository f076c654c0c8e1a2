/** Steps of traps: from the entry into the kernel until the return to user mode. */
export const TRAP_STEPS = [
  { key: 'none', name: 'none', kind: 'none', summary: 'Number 0 is no step.' },
  {
    key: 'pageFault',
    name: 'page fault',
    kind: 'fault',
    summary: 'A page fault, from trap entry to return. Object: the address.',
  },
  {
    key: 'interrupt',
    name: 'interrupt',
    kind: 'interrupt',
    summary: 'Interrupts of a hart, served. Object: the cause, or HART when idle.',
  },
  {
    key: 'exception',
    name: 'exception',
    kind: 'exception',
    summary: 'An exception that ends the process. Object: the cause.',
  },
  {
    key: 'trapSave',
    name: 'trap entry save',
    kind: 'trap',
    summary: 'Stores the 32 register words. Object: the thread.',
  },
  {
    key: 'trapRestore',
    name: 'return restore',
    kind: 'trap',
    summary: 'Loads the 32 register words. Object: the thread.',
  },
] as const;
