/** Writes down what another arbiter decides, as the schedule that makes the same decisions. */
import type { Arbiter } from '../../hw/sequencer/arbiter.ts';
import type { AnchorNamer } from './anchor-namer.ts';
import type { Schedule, Switch } from './schedule.ts';
import { Turn } from './turn.ts';

export class Recorder implements Arbiter {
  /** Steps taken so far. */
  steps = 0;
  /** How many of the switches are preemptions (`Turn.preempts`). */
  preemptions = 0;
  private readonly inner: Arbiter;
  private readonly turn: Turn;
  private readonly namer: AnchorNamer | undefined;
  private readonly switches: Switch[] = [];

  /** @param namer gives the switches anchors; without it they have steps only, which costs less */
  constructor(inner: Arbiter, harts: number, namer?: AnchorNamer) {
    this.inner = inner;
    this.turn = new Turn(harts);
    this.namer = namer;
  }

  /** The schedule so far. */
  get schedule(): Schedule {
    return this.switches;
  }

  choose(runnable: readonly number[]): number | undefined {
    const anchor = this.namer?.next();
    const actor = this.inner.choose(runnable, this.steps);
    if (actor === undefined) return undefined;
    if (actor !== this.turn.usual(runnable)) {
      this.switches.push({ step: this.steps, actor, ...(anchor === undefined ? {} : { anchor }) });
      if (this.turn.preempts(runnable, actor)) this.preemptions++;
    }
    this.turn.take(actor);
    this.namer?.take(actor);
    this.steps++;
    return actor;
  }
}
