/** The commands, in the order in which help lists them. */
import type { Command } from 'commander';
import type { Host } from '../host.ts';
import { defineBench } from './bench.ts';
import { defineCache } from './cache.ts';
import { defineCheckDeterminism } from './check-determinism.ts';
import { defineExperiment } from './experiment.ts';
import { defineExplore } from './explore.ts';
import { defineFuzz } from './fuzz.ts';
import { defineList } from './list.ts';
import { defineLitmus } from './litmus.ts';
import { defineRun } from './run.ts';
import { defineTrace } from './trace.ts';

/** Adds a command to `eddy`; `finish` takes its exit status. */
export type DefineCommand = (eddy: Command, host: Host, finish: (status: number) => void) => void;

export const COMMANDS: readonly DefineCommand[] = [
  defineRun,
  defineTrace,
  defineList,
  defineExplore,
  defineFuzz,
  defineExperiment,
  defineLitmus,
  defineCache,
  defineBench,
  defineCheckDeterminism,
];
