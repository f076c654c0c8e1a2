/** The programs that `eddy list programs` lists, in that order. */
import type { Program } from '../program.ts';
import barriers from './barriers.ts';
import counter from './counter.ts';
import fault from './fault.ts';
import hello from './hello.ts';
import locks from './locks.ts';
import tour from './tour.ts';

export const PROGRAMS: readonly Program[] = [hello, tour, fault, counter, locks, barriers];
