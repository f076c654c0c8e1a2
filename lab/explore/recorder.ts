/** Writes down what another arbiter decides, as the schedule that makes the same decisions. */
import type { Arbiter } from '../../hw/sequencer/arbiter.ts';
import type { Schedule, Switch } from './schedule.ts';
import { Turn } from './turn.ts';

export class Recorder implements Arbiter {
  /** Steps taken so far. */
  steps = 0;
  /** How many of the switches are preemptions (`Turn.preempts`). */
  preemptions = 0;
  private readonly inner: Arbiter;
  private readonly turn: Turn;
  private readonly switches: Switch[] = [];

  constructor(inner: Arbiter, harts: number) {
    this.inner = inner;
    this.turn = new Turn(harts);
  }

  /** The schedule so far. */
  get schedule(): Schedule {
    return this.switches;
  }

  choose(runnable: readonly number[]): number | undefined {
    const actor = this.inner.choose(runnable, this.steps);
    if (actor === undefined) return undefined;
    if (actor !== this.turn.usual(runnable)) {
      this.switches.push({ step: this.steps, actor });
      if (this.turn.preempts(runnable, actor)) this.preemptions++;
    }
    this.turn.take(actor);
    this.steps++;
    return actor;
  }
}
