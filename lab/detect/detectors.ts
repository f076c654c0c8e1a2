/** The detectors, one row each: what `--detect` takes, and what docs/reference/detectors.md is rendered from. */

export interface DetectorRow {
  readonly id: string;
  readonly summary: string;
  /** What it goes by. */
  readonly sees: string;
  /** What it does not see. */
  readonly misses: string;
  /** Whether it wants to see every instruction. */
  readonly instructions: boolean;
}

export const DETECTORS = [
  {
    id: 'races',
    summary: 'Two threads access a word, one of them to write it, and nothing orders the two accesses.',
    sees: 'Loads and stores of programs. Order comes from atomic instructions, spins, futexes, the kernel’s synchronization objects, the start and the end of threads, interrupts and messages.',
    misses:
      'The kernel’s own memory; words that are also used by atomic instructions or spins, or are marked `atomic`.',
    instructions: true,
  },
  {
    id: 'deadlock',
    summary: 'Threads wait in a circle, each for a lock that the next one holds, or for its end.',
    sees: 'The marks of locks, of the kernel’s, too; threadJoin. Looked for whenever a wait begins: the run is ended.',
    misses: 'Locks without marks; waits on words, futexes and messages.',
    instructions: false,
  },
  {
    id: 'lock-order',
    summary: 'Two locks are taken in one order here and in the other there, though no deadlock came of it.',
    sees: 'The marks of locks: a program’s one by one, the kernel’s by class. Longer circles, too.',
    misses:
      'Locks without marks. Orders by one thread alone, or under one common lock, are no danger, but for the kernel’s.',
    instructions: false,
  },
  {
    id: 'lost-wakeups',
    summary: 'A thread waits for ever though somebody has woken it, or would have.',
    sees: 'At the end of a run with waiters: a word that held what a spin waits for and was overwritten unseen; an announcement that came after others had looked; a futex whose word changed and that nobody woke.',
    misses:
      'Waits of the kernel’s; words of which only parts are written; what happened more than four writes ago.',
    instructions: true,
  },
  {
    id: 'use-after-free',
    summary: 'A block of a heap is used, or freed, after it has been freed.',
    sees: 'The marks of heaps, of the kernel’s, too, and every access.',
    misses: 'A block that has been given out again.',
    instructions: true,
  },
  {
    id: 'uninitialised',
    summary: 'Bytes of a heap’s block are read before anybody has written them.',
    sees: 'The marks of heaps, and every access. The kernel’s heap gives out blocks of zeros.',
    misses: 'Memory from mmap, stacks, and memory of bare machines: it is zero at the start.',
    instructions: true,
  },
  {
    id: 'starvation',
    summary: 'A thread waits for a lock, or preempted for its hart, while others get it again and again.',
    sees: 'The marks of locks; preemptions and `yield`. `starvation=N`: more than N turns of others (1,000).',
    misses: 'Locks without marks; threads that have just been started or woken and wait for their hart.',
    instructions: false,
  },
] as const satisfies readonly DetectorRow[];

export type DetectorId = (typeof DETECTORS)[number]['id'];

/** The names of all detectors. */
export const DETECTOR_IDS: readonly DetectorId[] = DETECTORS.map(({ id }) => id);

/** Turns of others before a wait is called starvation. */
export const DEFAULT_OVERTAKES = 1000;
