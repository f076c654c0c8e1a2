/**
 * Follows a schedule. Where the program is no longer the one that the schedule was found with, the actor that a
 * switch names may be unable to act: the switch is passed over, and noted.
 */
import type { Arbiter } from '../../hw/sequencer/arbiter.ts';
import { actorName, type Schedule, type Switch } from './schedule.ts';
import { Turn } from './turn.ts';

export class Replay implements Arbiter {
  private readonly schedule: Schedule;
  private readonly harts: number;
  private readonly turn: Turn;
  private readonly passedOver: Switch[] = [];
  private next = 0;
  private steps = 0;

  constructor(schedule: Schedule, harts: number) {
    this.schedule = schedule;
    this.harts = harts;
    this.turn = new Turn(harts);
  }

  // DOC: replay-choose
  choose(runnable: readonly number[]): number {
    let actor = this.turn.usual(runnable);
    const due = this.schedule[this.next];
    if (due?.step === this.steps) {
      this.next++;
      if (runnable.includes(due.actor)) actor = due.actor;
      else this.passedOver.push(due);
    }
    this.turn.take(actor);
    this.steps++;
    return actor;
  }

  /** Where the run, which has ended, was not the one of the schedule; empty if it was. */
  divergences(): string[] {
    const { harts, steps } = this;
    const passed = this.passedOver.map(
      ({ step, actor }) =>
        `at step ${step} ${actorName(actor, harts)} cannot act; went on with whoever's turn it was`,
    );
    const left = this.schedule
      .slice(this.next)
      .map(({ step, actor }) => `ended after ${steps} steps, before ${step}>${actorName(actor, harts)}`);
    return [...passed, ...left];
  }
}
