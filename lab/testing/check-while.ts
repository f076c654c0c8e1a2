/**
 * Runs a machine and holds it to invariants meanwhile: after every instruction, whenever a hart leaves the kernel, or
 * at the end. The run stops where the first of them is broken, and the machine can be looked at there.
 *
 * What is asked more often holds more often: the kernel's invariants are not asked while the kernel is at work. A
 * machine that is watched takes the same steps as one that is not.
 */
import type { Machine, Stop } from '../../hw/machine.ts';
import type { TraceSink } from '../../hw/trace/event.ts';
import { kernelAtRest } from '../../kernel/index.ts';
import { Replay } from '../explore/replay.ts';
import type { Schedule } from '../explore/schedule.ts';
import { INVARIANTS } from './invariants/index.ts';
import type { Holds, Invariant } from './invariants/invariant.ts';
import { momentsAtEnd } from './invariants/moments.ts';
import { type Broken, describeBroken, Watch } from './invariants/watch.ts';

export interface CheckChoice {
  /** When to ask. Each includes those after it; at the end everything is asked that must hold there. */
  readonly when: 'instruction' | 'kernel-exit' | 'end';
  /** Which invariants. Default: all that are known (`INVARIANTS`). */
  readonly invariants?: readonly Invariant[];
  /** Steps at most. Default 20,000,000. */
  readonly steps?: number;
  /** Who acts next; if left out, time decides. */
  readonly schedule?: Schedule;
}

/** How a run came out that was watched. */
export interface Checked {
  /** How it stopped; it could go on (`budget`, `arbiter`) where it was broken off for a broken invariant. */
  readonly stop: Stop;
  /** Steps taken. */
  readonly steps: number;
  /** How often invariants were asked. */
  readonly looks: number;
  /** What is broken, and since which step; nothing if all is well. */
  readonly broken: (Broken & { readonly step: number }) | undefined;
}

const MOST_STEPS = 20_000_000;

// DOC: check-while
/**
 * Runs a machine, on which everything is started and nothing has run, to its end.
 * @returns what is broken, if anything is; nothing is thrown
 */
export function checkWhile(machine: Machine, choice: CheckChoice): Checked {
  const { when, invariants = INVARIANTS, steps: most = MOST_STEPS } = choice;
  const watch = new Watch(machine, invariants);
  const exits = new KernelExits(() => when === 'kernel-exit' && machine.pause());
  machine.trace.attach(exits);
  const replay = choice.schedule && new Replay(choice.schedule, machine);
  const go = (instructions: number): Stop =>
    replay === undefined ? machine.run({ instructions }) : machine.runArbitrated(replay, instructions);
  let looks = 0;
  const first = machine.steps;
  for (;;) {
    const stop = go(when === 'instruction' ? 1 : most - (machine.steps - first));
    const steps = machine.steps - first;
    const ended = !GOES_ON.has(stop.kind) || steps >= most;
    const left = exits.take() && kernelAtRest(machine);
    let moments: readonly Holds[] = [];
    if (ended) moments = ['always', ...momentsAtEnd(machine, stop)];
    else if (left) moments = ['always', 'at-rest'];
    else if (when === 'instruction') moments = ['always'];
    if (moments.length > 0) looks++;
    const broken = watch.broken(...moments);
    if (ended || broken !== undefined)
      return { stop, steps, looks, broken: broken && { ...broken, step: steps } };
  }
}

/**
 * As `checkWhile`, for a test.
 * @throws Error when an invariant is broken
 */
export function expectWhile(machine: Machine, choice: CheckChoice): Checked {
  const checked = checkWhile(machine, choice);
  const { broken } = checked;
  if (broken !== undefined) throw new Error(`after ${broken.step} steps, ${describeBroken(broken)}`);
  return checked;
}

const GOES_ON: ReadonlySet<Stop['kind']> = new Set(['budget', 'arbiter']);

/** Notices that a hart has left the kernel, for user mode or to idle. */
class KernelExits implements TraceSink {
  private left = false;
  private readonly onExit: () => void;

  constructor(onExit: () => void) {
    this.onExit = onExit;
  }

  event(event: Parameters<TraceSink['event']>[0]): void {
    // An idle hart sleeps, or polls.
    const exit = (event.kind === 'return' && event.user) || event.kind === 'park';
    if (!exit) return;
    this.left = true;
    this.onExit();
  }

  /** Whether one has since the last question. */
  take(): boolean {
    const { left } = this;
    this.left = false;
    return left;
  }
}
