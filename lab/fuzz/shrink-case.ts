/**
 * From a case that fails to a simpler one that fails in the same way: an order by time rather than by an arbiter,
 * no faults, a simpler program, fewer harts and settings; again and again until nothing is left to try. No clock decides
 * how far it goes, so that the same failure always shrinks to the same case.
 */
import { valueAt } from '../../hw/check-config.ts';
import { hartCount, type MachineConfig } from '../../hw/config.ts';
import { presetConfig } from '../../hw/presets.ts';
import type { Failure } from '../explore/subject.ts';
import { fieldPaths, withValue } from '../settings/config-fields.ts';
import { boots } from '../testing/arbitraries/scenarios.ts';
import { simpler } from '../testing/programs/simpler.ts';
import { settingsOf } from './case-text.ts';
import { type FuzzCase, TIMED } from './fuzz-case.ts';
import { runCase } from './run-case.ts';

export interface FailedCase {
  readonly fuzz: FuzzCase;
  readonly failure: Failure;
}

/** Runs at most. */
const MOST_RUNS = 4000;
/** A failure may need another interleaving in a simpler case: so many more seeds are tried. */
const MORE_SEEDS = 2;

// DOC: shrink-case
/**
 * The simplest case found.
 * @param tried called after each run
 */
export function shrinkCase(
  failed: FailedCase,
  tried: () => void = () => undefined,
  runs = MOST_RUNS,
): FailedCase {
  const shrinker = new Shrinker(failed.failure.invariant, runs, tried);
  let best = failed;
  for (;;) {
    const before = best;
    for (const simplerOnes of [simplerSchedules, fewerFaults, usualMachine, simplerPrograms, simplerMachines])
      best = shrinker.descend(best, simplerOnes);
    if (best === before) return best;
  }
}

type Simpler = (fuzz: FuzzCase) => Iterable<FuzzCase>;

class Shrinker {
  private readonly invariant: string;
  private readonly tried: () => void;
  private left: number;

  constructor(invariant: string, runs: number, tried: () => void) {
    this.invariant = invariant;
    this.left = runs;
    this.tried = tried;
  }

  /** Goes from case to simpler case until none of the simpler ones fails. */
  descend(failed: FailedCase, simplerOnes: Simpler): FailedCase {
    let best = failed;
    // Candidates before this one have been tried in vain since the last success, on a case that was much the same.
    let from = 0;
    for (;;) {
      const found = this.firstThatFails(best, simplerOnes, from);
      if (found === undefined && from === 0) return best;
      if (found === undefined) from = 0;
      else ({ failed: best, index: from } = found);
    }
  }

  private firstThatFails(
    best: FailedCase,
    simplerOnes: Simpler,
    from: number,
  ): { readonly failed: FailedCase; readonly index: number } | undefined {
    let index = 0;
    for (const candidate of simplerOnes(best.fuzz)) {
      if (index >= from) {
        const failed = this.fails(candidate);
        if (failed !== undefined) return { failed, index };
      }
      index++;
    }
    return undefined;
  }

  /** The candidate, if it fails in the same way: with its own seed, or with one of the next. */
  private fails(candidate: FuzzCase): FailedCase | undefined {
    for (let more = 0; more <= MORE_SEEDS; more++) {
      if (this.left <= 0) return undefined;
      this.left--;
      const fuzz = withSeed(candidate, more);
      const { failure } = runCase(fuzz);
      this.tried();
      if (failure?.invariant === this.invariant) return { fuzz, failure };
    }
    return undefined;
  }
}

function withSeed(fuzz: FuzzCase, more: number): FuzzCase {
  const { schedule, config } = fuzz;
  if (more === 0) return fuzz;
  if (schedule.kind === 'random') return { ...fuzz, schedule: { ...schedule, seed: more } };
  return { ...fuzz, config: { ...config, seed: more } };
}

function* simplerSchedules(fuzz: FuzzCase): Generator<FuzzCase, void, undefined> {
  if (fuzz.schedule.kind !== 'timed') yield { ...fuzz, schedule: TIMED };
}

function* fewerFaults(fuzz: FuzzCase): Generator<FuzzCase, void, undefined> {
  for (const gone of fuzz.faults) yield { ...fuzz, faults: fuzz.faults.filter((fault) => fault !== gone) };
}

function* simplerPrograms(fuzz: FuzzCase): Generator<FuzzCase, void, undefined> {
  for (const program of simpler(fuzz.program)) yield { ...fuzz, program };
}

/** All settings as usual at once. */
function* usualMachine(fuzz: FuzzCase): Generator<FuzzCase, void, undefined> {
  const { config } = fuzz;
  const usual = usualConfig('cc-numa', hartCount(config), config);
  if (usual === undefined || !boots(usual, {})) return;
  if (
    config.preset === 'cc-numa' &&
    settingsOf(fuzz).size <= settingsOf({ config: usual, kernelOptions: {} }).size
  )
    return;
  yield { ...fuzz, config: usual, kernelOptions: {} };
}

/** The usual machine with the same memory, the same with fewer harts, and without one of the settings. */
function* simplerMachines(fuzz: FuzzCase): Generator<FuzzCase, void, undefined> {
  const { config, kernelOptions } = fuzz;
  const harts = hartCount(config);
  for (const preset of new Set(['cc-numa', config.preset])) {
    for (let fewer = 1; fewer <= harts; fewer++) {
      if (preset === config.preset && fewer === harts) continue;
      const usual = usualConfig(preset, fewer, config);
      if (usual !== undefined && boots(usual, kernelOptions)) yield { ...fuzz, config: usual };
    }
  }
  for (const name of Object.keys(kernelOptions)) {
    const { [name as keyof typeof kernelOptions]: _, ...left } = kernelOptions;
    if (boots(config, left)) yield { ...fuzz, kernelOptions: left };
  }
  const usual = usualConfig(config.preset, harts, config);
  if (usual === undefined) return;
  for (const path of fieldPaths(usual)) {
    const value = valueAt(usual, path);
    if (valueAt(config, path) === value || SHAPE.has(path)) continue;
    const changed = withValue(config, path, value as number);
    if (boots(changed, kernelOptions)) yield { ...fuzz, config: changed };
  }
}

const SHAPE: ReadonlySet<string> = new Set([
  'nodes',
  'coresPerNode',
  'hartsPerCore',
  'memoryPerNode',
  'seed',
]);

function usualConfig(preset: string, harts: number, like: MachineConfig): MachineConfig | undefined {
  const { memoryPerNode, seed } = like;
  try {
    return presetConfig(preset, { harts, nodes: 1, seed, set: { memoryPerNode } });
  } catch {
    return undefined;
  }
}
