/**
 * Follows a schedule. A switch without an anchor is made at its step; one with an anchor where its anchor is,
 * whatever the step, for the program may have been edited since. A switch is passed over if its anchor is never
 * reached, if its actor cannot act there, or if another one has been made there; the run goes on with whoever's
 * turn it is (`Turn`). All of that is noted.
 */
import type { Machine } from '../../hw/machine.ts';
import type { Actors } from '../../hw/sequencer/actors.ts';
import type { Arbiter } from '../../hw/sequencer/arbiter.ts';
import { actorName } from './actors.ts';
import { type Anchor, formatAnchor } from './anchor.ts';
import { formatSwitch, type Schedule, type Switch } from './schedule.ts';
import { Turn } from './turn.ts';
import { type Deed, Whereabouts } from './whereabouts.ts';

/** An anchored switch that has not been due yet. */
interface Awaited {
  readonly change: Switch & { readonly anchor: Anchor };
  /** How often its deed has been done so far. */
  times: number;
}

const isAnchored = (change: Switch): change is Awaited['change'] => change.anchor !== undefined;

export class Replay implements Arbiter {
  private readonly actors: Actors;
  private readonly turn: Turn;
  private readonly byStep: readonly Switch[];
  private awaited: Awaited[];
  private readonly whereabouts: Whereabouts | undefined;
  private readonly notes: string[] = [];
  private next = 0;
  private steps = 0;

  /** @param machine before it runs under this arbiter */
  constructor(schedule: Schedule, machine: Machine) {
    this.actors = machine.actors;
    this.turn = new Turn(machine.harts);
    this.byStep = schedule.filter((change) => !isAnchored(change));
    this.awaited = schedule.filter(isAnchored).map((change) => ({ change, times: 0 }));
    if (this.awaited.length > 0)
      this.whereabouts = new Whereabouts(
        machine,
        this.awaited.some(({ change }) => change.anchor.place !== undefined),
      );
  }

  // DOC: replay-choose
  choose(runnable: readonly number[]): number {
    const usual = this.turn.usual(runnable);
    let made: Switch | undefined;
    for (const change of this.due()) {
      if (made !== undefined) this.note(`${this.text(change)} is passed over: another switch was made there`);
      else if (runnable.includes(change.actor)) made = change;
      else
        this.note(
          `${this.text(change)}: ${this.name(change.actor)} cannot act; went on with ${this.name(usual)}`,
        );
    }
    if (made?.anchor !== undefined && made.step !== this.steps)
      this.note(`${this.text(made)} was made at step ${this.steps}`);
    const actor = made?.actor ?? usual;
    this.turn.take(actor);
    this.whereabouts?.take(actor);
    this.steps++;
    return actor;
  }

  /** Where the run, which has ended, was not the one of the schedule; empty if it was. */
  divergences(): string[] {
    const unreached = this.awaited.map(
      ({ change }) =>
        `${this.text(change)} is passed over: ${formatAnchor(change.anchor, this.actors)} was never reached`,
    );
    const left = this.byStep
      .slice(this.next)
      .map((change) => `ended after ${this.steps} steps, before ${this.text(change)}`);
    return [...this.notes, ...unreached, ...left];
  }

  /** The switches that belong before the next step. */
  private due(): readonly Switch[] {
    const due: Switch[] = [];
    const atStep = this.byStep[this.next];
    if (atStep?.step === this.steps) {
      this.next++;
      due.push(atStep);
    }
    const deed = this.whereabouts?.last;
    if (deed === undefined || this.awaited.length === 0) return due;
    const reached = this.awaited.filter((awaited) => isReached(awaited, deed));
    if (reached.length === 0) return due;
    this.awaited = this.awaited.filter((awaited) => !reached.includes(awaited));
    return [...due, ...reached.map(({ change }) => change)];
  }

  private note(text: string): void {
    this.notes.push(text);
  }

  private text(change: Switch): string {
    return formatSwitch(change, this.actors);
  }

  private name(actor: number): string {
    return actorName(actor, this.actors);
  }
}

/** Counts the deed if it is the anchor's; says whether that was the time it names. */
function isReached(awaited: Awaited, deed: Deed): boolean {
  const { actor, op, address, place, times } = awaited.change.anchor;
  if (deed.actor !== actor || deed.op !== op) return false;
  if (address !== undefined && deed.address !== address) return false;
  if (place !== undefined && (deed.place?.name !== place.name || deed.place.times !== place.times))
    return false;
  awaited.times++;
  return awaited.times === times;
}
