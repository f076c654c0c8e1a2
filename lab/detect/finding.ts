/** What a detector has found: a sentence, and who did what where and when. */
import type { DetectorId } from './detectors.ts';

/** One of the instructions that a finding is about. */
export interface Involved {
  /** `hart 2`, or `process 1 thread 3`. */
  readonly who: string;
  readonly hart: number;
  readonly cycle: number;
  /** The instruction, or what the thread said with a mark. */
  readonly instruction: string;
}

export interface Finding {
  readonly detector: DetectorId;
  /** A sentence that names the threads and the place. */
  readonly message: string;
  /** When it was seen. */
  readonly cycle: number;
  /** The word, block or lock that it is about: in the memory as the threads see it. */
  readonly address?: number;
  /** What lies there, in words. */
  readonly place?: string;
  readonly involved: readonly Involved[];
}
