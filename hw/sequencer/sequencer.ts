/**
 * Lets the machine run: always the hart or device event with the earliest time acts, events before harts,
 * ties between harts by the seeded order. One step is one instruction, whole.
 */
import type { Footprint } from '../hart/footprint.ts';
import { ACTIVITY, type HartState } from '../hart/hart-state.ts';
import type { Processor } from '../hart/processor.ts';
import type { SpinLot } from '../hart/spin-lot.ts';
import type { StoreBuffers } from '../hart/store-buffers.ts';
import type { Actors } from './actors.ts';
import { type Arbiter, drainActor, hartOfActor } from './arbiter.ts';
import type { EventQueue, Scheduled } from './event-queue.ts';
import { ReadyWheel } from './ready-wheel.ts';

/** Why a run came to an end that the machine's parts did not ask for. */
export type RunEnd = 'instructions' | 'cycles' | 'idle' | 'stopped';

const DEVICE = -1;
const READY = ACTIVITY.ready;
/** Steps of one hart before the loop looks up. */
const MOST_AT_ONCE = 1 << 20;
/** So many cycles after its time an event happens by itself, though an arbiter could still choose it. */
const OVERDUE = 20_000;

export class Sequencer {
  /** Steps taken so far. */
  steps = 0;
  private stopRequested = false;
  private readonly harts: HartState;
  private readonly events: EventQueue;
  private readonly actors: Actors;
  private readonly processor: Processor;
  private readonly spins: SpinLot;
  private readonly buffers: StoreBuffers;
  private readonly peek: (address: number) => number;
  private readonly wheel: ReadyWheel;
  /** Set when something happened that may let another hart or event go first, or end the run. */
  private changed = false;
  /** Whether harts that become ready go to the wheel: not when an arbiter decides. */
  private timed = true;
  /** Whether an arbiter chooses when device events happen, too. */
  eventsChosen = false;
  /** What the current step touches, for a search of schedules. */
  footprint: Footprint | undefined = undefined;

  constructor(
    harts: HartState,
    events: EventQueue,
    actors: Actors,
    processor: Processor,
    spins: SpinLot,
    buffers: StoreBuffers,
    peek: (address: number) => number,
    seed: number,
  ) {
    this.harts = harts;
    this.events = events;
    this.actors = actors;
    this.processor = processor;
    this.spins = spins;
    this.buffers = buffers;
    this.peek = peek;
    this.wheel = new ReadyWheel(harts.clock, seed);
  }

  /** The cycle at which a hart acted last: nothing can begin before. */
  get now(): number {
    return this.wheel.now;
  }

  /** A hart has become ready at its clock. */
  makeReady(hart: number): void {
    if (!this.timed) return;
    this.wheel.insert(hart);
    this.changed = true;
  }

  /** An event was scheduled; it may be the next thing to happen. */
  eventScheduled(): void {
    this.changed = true;
  }

  /** Ends the run after the current step. */
  requestStop(): void {
    this.stopRequested = true;
    this.changed = true;
  }

  // DOC: run-in-time
  /** Runs until a limit is reached, nothing can act any more, or a stop is requested. */
  run(instructions: number, cycles: number): RunEnd {
    const { harts, events, processor, wheel } = this;
    const { clock, activity } = harts;
    let left = instructions;
    this.stopRequested = false;
    this.takeTimeBack();
    let cycle = wheel.nextCycle();
    for (;;) {
      const due = events.nextTime;
      if (due <= cycle || cycle >= cycles) {
        const next = Math.min(cycle, due);
        if (next === Number.POSITIVE_INFINITY) return 'idle';
        if (next >= cycles) return 'cycles';
        this.fire();
        if (this.stopRequested) return 'stopped';
        cycle = wheel.nextCycle();
        continue;
      }
      const hart = wheel.take(cycle);
      const following = wheel.nextCycle();
      const limit = Math.min(following, due, cycles);
      const most = Math.min(left, MOST_AT_ONCE);
      let steps = 0;
      this.changed = false;
      do {
        processor.step(hart);
        steps++;
      } while ((clock[hart] as number) < limit && activity[hart] === READY && steps < most && !this.changed);
      left -= steps;
      this.steps += steps;
      const ready = activity[hart] === READY;
      if (ready) wheel.insert(hart);
      if (this.stopRequested) return 'stopped';
      if (left <= 0) return 'instructions';
      // The wheel need not be asked again: only a change brings in others than this hart.
      if (this.changed) cycle = wheel.nextCycle();
      else cycle = ready ? Math.min(following, clock[hart] as number) : following;
    }
  }

  // DOC: run-arbitrated
  /**
   * Runs with an arbiter deciding. Device events come when they are due, or when no hart can act; with
   * `eventsChosen` they are actors: before their time or late, but at last they come by themselves.
   */
  runArbitrated(arbiter: Arbiter, instructions: number): RunEnd {
    this.drainWheel();
    this.timed = false;
    this.buffers.timed = false;
    this.stopRequested = false;
    const runnable: number[] = [];
    for (let step = 0; step < instructions; step++) {
      this.listReady(runnable);
      while (runnable.length === 0) {
        if (this.events.nextTime === Number.POSITIVE_INFINITY) return 'idle';
        this.fire();
        if (this.stopRequested) return 'stopped';
        this.listReady(runnable);
      }
      const actor = arbiter.choose(runnable, step);
      if (actor === undefined) return 'stopped';
      this.act(actor);
      this.steps++;
      if (this.stopRequested) return 'stopped';
    }
    return 'instructions';
  }

  private act(actor: number): void {
    if (this.actors.isEvent(actor)) {
      this.fireChosen(actor);
      return;
    }
    const hart = hartOfActor(actor, this.harts.count);
    if (this.footprint !== undefined && this.harts.takesInterrupts(hart)) this.footprint.readInterrupts(hart);
    if (actor === hart) this.processor.step(hart);
    else this.drainStep(hart);
    const late = this.eventsChosen ? OVERDUE : 0;
    while (!this.stopRequested && this.events.nextTime + late <= (this.harts.clock[hart] as number))
      this.fire();
  }

  private fireChosen(actor: number): void {
    const event = this.events.earliest(actor);
    if (event === undefined) return;
    this.events.cancel(event);
    this.happen(event);
    // A timer that comes early is one whose hart was slow.
    const { kind, number } = this.actors.at(actor);
    const { clock } = this.harts;
    if (kind === 'timer') clock[number] = Math.max(clock[number] as number, event.time);
  }

  private drainStep(hart: number): void {
    this.spins.act(hart, this.harts.clock[hart] as number);
    this.buffers.drainStep(hart);
  }

  private fire(): void {
    const event = this.events.pop();
    if (event !== undefined) this.happen(event);
  }

  private happen(event: Scheduled): void {
    this.spins.act(DEVICE, event.time);
    event.action(event.time);
  }

  /** Whether the word that an awaited atomic instruction found wanting is another one now. */
  private wordChanged(hart: number): boolean {
    const { awaitedWord, awaitedValue } = this.harts;
    return this.peek(awaitedWord[hart] as number) !== awaitedValue[hart];
  }

  private listReady(into: number[]): void {
    into.length = 0;
    const { activity, count } = this.harts;
    for (let hart = 0; hart < count; hart++) {
      if (activity[hart] === ACTIVITY.awaiting && this.wordChanged(hart)) activity[hart] = READY;
      if (activity[hart] === READY) into.push(hart);
    }
    for (let hart = 0; this.buffers.on && hart < count; hart++)
      if (this.buffers.pending(hart) > 0) into.push(drainActor(hart, count));
    if (this.eventsChosen) into.push(...this.events.actors());
  }

  /** After a run in which an arbiter decided: the harts that can act go by time again. */
  private takeTimeBack(): void {
    if (this.timed) return;
    this.timed = true;
    this.buffers.timed = true;
    const ready: number[] = [];
    const { clock, count, activity } = this.harts;
    for (let hart = 0; hart < count; hart++) {
      // In time they try again, and drain by themselves.
      if (activity[hart] === ACTIVITY.awaiting || activity[hart] === ACTIVITY.draining)
        activity[hart] = READY;
    }
    this.listReady(ready);
    const now = this.wheel.now;
    for (const hart of ready.filter((actor) => actor < count)) {
      if ((clock[hart] as number) < now) clock[hart] = now;
      this.wheel.insert(hart);
    }
  }

  private drainWheel(): void {
    for (
      let cycle = this.wheel.nextCycle();
      cycle !== Number.POSITIVE_INFINITY;
      cycle = this.wheel.nextCycle()
    ) {
      this.wheel.take(cycle);
    }
  }
}
