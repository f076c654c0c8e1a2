/**
 * A case on a machine that was built for it, run to its end: in time, or by an arbiter from where the program begins.
 * The run is cut into slices, always in the same places; between two of them the invariants of coherence must hold,
 * and those of the kernel if it is at rest just then.
 */
import { Machine, type Stop } from '../../hw/machine.ts';
import { type Arbiter, RandomArbiter } from '../../hw/sequencer/arbiter.ts';
import { bootKernel, kernelAtRest } from '../../kernel/index.ts';
import { Replay } from '../explore/replay.ts';
import { parseSchedule } from '../explore/schedule.ts';
import type { Failure } from '../explore/subject.ts';
import { programOf } from '../testing/programs/program-of.ts';
import { brokenCoherence } from './coherence.ts';
import type { FuzzCase } from './fuzz-case.ts';
import { brokenInvariant, judgeEnd } from './judge-end.ts';
import { ResultJudge } from './result-judge.ts';

/** Steps after which a run counts as hung: programs are finite, and the longest of 30,000 took an eighth of that. */
export const MOST_STEPS = 1_000_000;
/** Steps before the first look; each slice is twice as long as the one before. */
const FIRST_SLICE = 4096;
/** At a look, how many more steps to take until the kernel is at rest: so many times a few. */
const PATIENCE = 24;
const FEW = 8;
/** Steps of the boot between two looks for a program that has begun. */
const BOOT_SLICE = 16;

export class Trial {
  readonly machine: Machine;
  readonly results: ResultJudge;
  /** Steps since the boot, or since the machine was started. */
  steps = 0;
  private readonly fuzz: FuzzCase;

  /** @throws RangeError when the kernel does not fit onto the machine */
  constructor(fuzz: FuzzCase) {
    this.fuzz = fuzz;
    this.machine = new Machine(fuzz.config, { faults: fuzz.faults });
    this.results = new ResultJudge(this.machine);
    const { entry } = programOf(fuzz.program, this.results);
    bootKernel(this.machine, { entry, options: fuzz.kernelOptions });
  }

  /** Runs in time until some hart executes the program. */
  boot(): void {
    const { machine } = this;
    const harts = Array.from({ length: machine.harts }, (_, hart) => hart);
    while (!harts.some((hart) => machine.isUser(hart)))
      if (machine.run({ instructions: BOOT_SLICE }).kind !== 'budget') return;
  }

  // DOC: fuzz-run
  /** Runs to the end; gives what is wrong with it, if anything is. */
  run(arbiter = this.arbiter()): Failure | undefined {
    const { results } = this;
    for (let slice = FIRST_SLICE; ; slice *= 2) {
      const stop = this.advance(arbiter, Math.min(slice, MOST_STEPS - this.steps));
      if (results.failure !== undefined) return results.failure;
      if (stop.kind !== 'budget' || this.steps >= MOST_STEPS) return this.judge(stop);
      const broken = this.look(arbiter);
      if (broken !== undefined) return broken;
    }
  }

  /** What is wrong with a run that stopped so. */
  judge(stop: Stop): Failure | undefined {
    return this.results.failure ?? brokenCoherence(this.machine) ?? judgeEnd(this.machine, stop);
  }

  /** Who decides; nobody where time does. The machine is booted then. */
  private arbiter(): Arbiter | undefined {
    const { schedule } = this.fuzz;
    if (schedule.kind === 'timed') return undefined;
    this.boot();
    return schedule.kind === 'random'
      ? new RandomArbiter(schedule.seed)
      : new Replay(parseSchedule(schedule.text, this.machine.actors), this.machine);
  }

  private advance(arbiter: Arbiter | undefined, steps: number): Stop {
    this.steps += steps;
    const { machine } = this;
    return arbiter === undefined
      ? machine.run({ instructions: steps })
      : machine.runArbitrated(arbiter, steps);
  }

  private look(arbiter: Arbiter | undefined): Failure | undefined {
    const { machine } = this;
    const broken = brokenCoherence(machine);
    if (broken !== undefined) return broken;
    for (let more = 0; more < PATIENCE; more++) {
      if (kernelAtRest(machine)) return brokenInvariant(machine);
      if (this.advance(arbiter, FEW).kind !== 'budget') return undefined;
    }
    return undefined;
  }
}
