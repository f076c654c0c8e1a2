/** The programs that `eddy list programs` lists, in that order. */
import type { Program } from '../program.ts';
import barriers from './barriers.ts';
import bnb from './bnb.ts';
import counter from './counter.ts';
import fault from './fault.ts';
import files from './files.ts';
import hashtable from './hashtable.ts';
import hello from './hello.ts';
import load from './load.ts';
import locks from './locks.ts';
import matmul from './matmul.ts';
import micro from './micro.ts';
import pages from './pages.ts';
import procrastination from './procrastination.ts';
import quiz from './quiz.ts';
import rpc from './rpc.ts';
import sor from './sor.ts';
import tour from './tour.ts';
import wordcount from './wordcount.ts';

export const PROGRAMS: readonly Program[] = [
  hello,
  tour,
  fault,
  counter,
  micro,
  pages,
  rpc,
  load,
  quiz,
  procrastination,
  locks,
  barriers,
  matmul,
  sor,
  bnb,
  hashtable,
  wordcount,
  files,
];
