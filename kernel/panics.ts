/** What a kernel that finds its own state broken says to `panic`. One row per assertion. */
export const PANICS = [
  { name: 'supervisorTrap', code: 1, summary: 'An instruction of the kernel itself trapped.' },
  { name: 'lockNesting', code: 2, summary: 'More spin locks are held at once than there are levels.' },
  {
    name: 'blockedWithLock',
    code: 3,
    summary: 'A thread was about to block while its hart holds a spin lock.',
  },
  { name: 'noThread', code: 4, summary: 'Code that needs a thread ran in a dispatcher.' },
  { name: 'deadReference', code: 5, summary: 'A reference without an object was dereferenced.' },
  { name: 'queueCorrupt', code: 6, summary: 'A thread was taken from a queue in which it is not.' },
  { name: 'endedThreadRan', code: 7, summary: 'A thread went on after its end.' },
  { name: 'badCause', code: 8, summary: 'A trap from user mode had a cause that no handler takes.' },
  { name: 'bootFailed', code: 9, summary: 'There was not enough memory to start the first process.' },
  {
    name: 'lockOrder',
    code: 10,
    summary: 'Spin locks were released in another order than the reverse of taking them.',
  },
  { name: 'badClass', code: 11, summary: 'A representative begins with a word that names no class.' },
  {
    name: 'foreignBlock',
    code: 12,
    summary: 'A block was freed that is none of the kernel heap’s.',
  },
  { name: 'freedTwice', code: 13, summary: 'A block was freed that is free.' },
  { name: 'freedElsewhere', code: 14, summary: 'A block for one hart alone was freed by another.' },
  { name: 'blockOverrun', code: 15, summary: 'A block was written beyond its end: its red zone is damaged.' },
  { name: 'usedAfterFree', code: 16, summary: 'A free block was written: its poison is damaged.' },
  { name: 'usedTwice', code: 17, summary: 'A block came from a free list that is in use.' },
  { name: 'blockTooLarge', code: 18, summary: 'A block was asked for that is larger than the largest.' },
  { name: 'negativeCount', code: 19, summary: 'A count of users fell below zero.' },
  { name: 'destroyedTwice', code: 20, summary: 'An object was destroyed that is being destroyed.' },
  { name: 'foreignFrame', code: 21, summary: 'A page frame was freed that was never handed out.' },
  { name: 'frameFreedTwice', code: 22, summary: 'A page frame was freed that is free.' },
  { name: 'inUse', code: 23, summary: 'A process was destroyed while one of its regions is in use.' },
  {
    name: 'callNesting',
    code: 24,
    summary: 'A caller is inside more objects that are being replaced than it can note.',
  },
  { name: 'slotFreedTwice', code: 25, summary: 'A slot of swap was freed that is free.' },
  {
    name: 'unknownMapping',
    code: 27,
    summary: 'A page-table entry maps a page that its file cache manager does not have.',
  },
] as const;

type PanicName = (typeof PANICS)[number]['name'];

/** Panic codes by name. */
export const PANIC = Object.freeze(Object.fromEntries(PANICS.map((row) => [row.name, row.code]))) as Readonly<
  Record<PanicName, number>
>;

/** What a panic code means, for the message. */
export const panicText = (code: number): string =>
  PANICS.find((row) => row.code === code)?.summary ?? `panic ${code}`;
