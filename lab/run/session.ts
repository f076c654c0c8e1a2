/**
 * One run: a machine, a program on it, and the host's patience. The machine runs in slices; between two of
 * them the session looks at budgets, at progress, and whether anything is still going on.
 */
import { Machine, type Stop } from '../../hw/machine.ts';
import { bootKernel, panicText } from '../../kernel/index.ts';
import { UsageError } from '../cli/exit.ts';
import { Replay } from '../explore/replay.ts';
import { startBare } from '../load/start-bare.ts';
import { ConsoleLines } from './console-lines.ts';
import type { Ending } from './ending.ts';
import { LivelockDetector } from './livelock.ts';
import { Pace } from './pace.ts';
import type { RunPlan } from './plan.ts';
import { stepsBeforeSearch } from './search-start.ts';
import { threadWaits, whoRuns } from './threads.ts';
import { watched } from './watchdog.ts';

/** Steps between two looks for a livelock: at fixed places, so that a run ends at the same step on every host. */
const LOOK_EVERY = 200_000;

/** How the kernel's own lines on the console begin. */
const KERNEL_SAYS = 'eddy: ';

/** Whoever wants to know how a run gets on. */
export interface RunObserver {
  /** The program, or the kernel, printed a line. */
  line?(line: string): void;
  /** So many steps have been taken. */
  progress?(steps: number): void;
  /** Whether somebody is known to wait for ever, so that the run need not go on. Asked now and then. */
  isStuck?(): boolean;
}

export class RunSession {
  readonly plan: RunPlan;
  readonly machine: Machine;
  /** Who acts next, where the plan has a schedule; once its place in the run has come. */
  replay: Replay | undefined;
  private readonly console: ConsoleLines;
  private readonly observer: RunObserver;
  private started = false;

  constructor(plan: RunPlan, observer: RunObserver = {}) {
    this.plan = plan;
    this.observer = observer;
    this.machine = new Machine(plan.config);
    this.console = new ConsoleLines((line) => observer.line?.(line));
    this.machine.console.subscribe((text) => this.console.add(text));
  }

  /** What was printed, line by line. */
  get output(): readonly string[] {
    return this.console.lines;
  }

  /**
   * Loads the program, with the kernel or without. `run` does it if nobody has.
   * @throws UsageError when the kernel does not run on such a machine, or the program not without a kernel
   */
  start(): void {
    if (this.started) return;
    this.started = true;
    const { machine, plan } = this;
    const { program, parameters, kernelOptions, disk, servers = [] } = plan;
    if (disk !== undefined) machine.disk.image.set(disk);
    if (plan.bare) {
      startBare(machine, program, parameters);
      return;
    }
    try {
      bootKernel(machine, { entry: program.entry, parameters, options: kernelOptions, servers });
    } catch (error) {
      if (error instanceof RangeError)
        throw new UsageError(`the kernel refuses this machine: ${error.message}`);
      throw error;
    }
  }

  /** Starts the program, and runs in the order of time to where schedules begin. */
  boot(): void {
    const { machine, plan } = this;
    const steps = stepsBeforeSearch(plan, () => {
      const session = new RunSession(plan);
      session.start();
      return session.machine;
    });
    this.start();
    if (steps > 0) machine.run({ instructions: steps });
    if (plan.choosesEvents) machine.chooseEvents();
  }

  /** Runs to the end, or to a limit of the plan. */
  run(): Ending {
    const { schedule } = this.plan;
    if (schedule === undefined) {
      this.start();
    } else {
      this.boot();
      this.replay = new Replay(schedule, this.machine);
    }
    const ending = this.runSlices();
    this.console.finish();
    return ending;
  }

  /** How a run ended in which somebody else decided who acts: `machine.runArbitrated`. */
  ended(stop: Stop): Ending {
    this.console.finish();
    if (stop.kind === 'budget') return { kind: 'budget', what: 'steps', limit: this.plan.limits.steps };
    return this.endingOf(stop);
  }

  private advance(instructions: number): Stop {
    const { machine, plan, replay } = this;
    if (replay !== undefined) return machine.runArbitrated(replay, instructions);
    return machine.run({ instructions, cycles: plan.limits.cycles });
  }

  private runSlices(): Ending {
    const { machine, plan, observer } = this;
    const { steps, cycles, watchdogSeconds } = plan.limits;
    const livelock = new LivelockDetector(machine);
    const pace = new Pace();
    for (let taken = 0; ; ) {
      const slice = Math.min(pace.slice, steps - taken, LOOK_EVERY - (taken % LOOK_EVERY));
      const begun = performance.now();
      const stop = watched(watchdogSeconds, () => this.advance(slice));
      if (stop === undefined) return this.runaway();
      if (stop.kind !== 'budget') return this.endingOf(stop);
      if (stop.what === 'cycles') return { kind: 'budget', what: 'cycles', limit: cycles };
      pace.took(slice, (performance.now() - begun) / 1000);
      taken += slice;
      if (taken >= steps) return { kind: 'budget', what: 'steps', limit: steps };
      observer.progress?.(taken);
      if (taken % LOOK_EVERY !== 0) continue;
      if (observer.isStuck?.() === true) return { kind: 'deadlock', waits: threadWaits(machine, plan.bare) };
      if (!plan.bare && livelock.suspects(LOOK_EVERY)) {
        const waits = threadWaits(machine, false);
        if (waits.every((wait) => !wait.willWake)) return { kind: 'deadlock', waits };
      }
    }
  }

  private endingOf(stop: Exclude<Stop, { kind: 'budget' }>): Ending {
    const { machine, plan } = this;
    switch (stop.kind) {
      case 'halted':
        return { kind: 'exited', status: stop.status, reasons: this.reasons() };
      case 'finished':
        return this.finished();
      case 'powerLost':
        return { kind: 'powerLost', cycle: stop.cycle };
      case 'deadlock':
        return { kind: 'deadlock', waits: threadWaits(machine, plan.bare) };
      case 'panic':
        return {
          kind: 'panic',
          text: panicText(stop.code),
          who: whoRuns(machine, plan, stop.context, stop.hart),
        };
      case 'crashed': {
        const message = stop.error === undefined ? stop.message : plan.describe(stop.error);
        return { kind: 'crashed', message, who: whoRuns(machine, plan, stop.context, stop.hart) };
      }
      case 'arbiter':
        throw new Error('the run was ended by an arbiter, but none was given');
    }
  }

  private reasons(): readonly string[] {
    const thrown = this.machine.exceptions.map(({ error }) => this.plan.describe(error));
    if (thrown.length > 0) return thrown;
    const said = this.output.findLast((line) => line.startsWith(KERNEL_SAYS));
    return said === undefined ? [] : [said.slice(KERNEL_SAYS.length)];
  }

  /** Programs without a kernel end hart by hart. */
  private finished(): Ending {
    const { machine } = this;
    for (let hart = 0; hart < machine.harts; hart++) {
      const status = machine.context(machine.currentContext(hart))?.endValue ?? 0;
      if (status !== 0) return { kind: 'finished', status, hart };
    }
    return { kind: 'finished', status: 0, hart: 0 };
  }

  private runaway(): Ending {
    const { machine, plan } = this;
    const hart = Math.max(0, machine.actingHart);
    const who = whoRuns(machine, plan, machine.currentContext(hart), hart);
    return { kind: 'runaway', who, seconds: plan.limits.watchdogSeconds };
  }
}
