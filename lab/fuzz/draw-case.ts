/**
 * Draws cases: that of a number and a seed is always the same one, whoever draws it. Machines have 1 to 8 harts, and
 * little of everything, so that frames and references run out and lines are evicted.
 */
import fc from 'fast-check';
import type { MachineConfig } from '../../hw/config.ts';
import type { Fault } from '../../hw/faults/fault.ts';
import { PRESETS } from '../../hw/presets.ts';
import { scenarios } from '../testing/arbitraries/scenarios.ts';
import { type Dice, happens, seededDice } from '../testing/programs/dice.ts';
import { ProgramDrawer } from '../testing/programs/draw.ts';
import type { SurvivedFault } from './fault-text.ts';
import { type CaseSchedule, type FuzzCase, TIMED } from './fuzz-case.ts';

/** The machines whose nodes have memory in common, which is what the programs need. */
const SHARED = PRESETS.filter(({ config }) => config.memorySystem !== 'cluster').map(({ name }) => name);

const programs = new ProgramDrawer();
const surroundings = scenarios({
  machines: {
    presets: SHARED,
    harts: 8,
    memoryPerNode: 1 << 19,
    // They change no result, only how long the host takes.
    fixed: ['classifyMisses', 'hitPath', 'elideSpins'],
  },
  kernelOptions: { scarce: true },
  faults: { requests: 8, blocks: 64 },
});

/** Seeds of cases lie far apart, so that those of one run are not those of the next. */
const seedOf = (seed: number, index: number): number =>
  Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b);

/** Case `index` of a run with `seed`. */
export function drawCase(seed: number, index: number): FuzzCase {
  const own = seedOf(seed, index);
  const dice = seededDice(own);
  const program = programs.draw(dice);
  const schedule = drawSchedule(dice);
  const isFaulty = happens(dice, 1, 4);
  const [scenario] = fc.sample(surroundings, { seed: own, numRuns: 1 });
  if (scenario === undefined) throw new Error('fast-check gave no sample');
  const { config, kernelOptions } = scenario;
  const faults = isFaulty ? scenario.faults.filter(isSurvived) : [];
  return { config: withSmallCaches(config), kernelOptions, faults, schedule, program };
}

const isSurvived = (fault: Fault): fault is SurvivedFault => fault.kind !== 'powerLoss';

/** Bytes of a first level at most. */
const SMALL_CACHE = 2048;

/** Caches that hold all that a short run touches would never evict a line. */
function withSmallCaches(config: MachineConfig): MachineConfig {
  const { size, ways, line } = config.l1;
  const smaller = Math.min(size, SMALL_CACHE);
  return { ...config, l1: { line, size: smaller, ways: Math.min(ways, smaller / line) } };
}

/** An arbiter for a quarter of them. */
const drawSchedule = (dice: Dice): CaseSchedule =>
  happens(dice, 3, 4) ? TIMED : { kind: 'random', seed: dice.below(1_000_000) };
