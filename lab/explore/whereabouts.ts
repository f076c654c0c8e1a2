/**
 * Looks on while an arbiter decides, and knows what the actor that acted last did, and which place it had passed
 * before. What a hart did is the instruction that it came to: one that trapped, or has yet to wait, counts as well, and
 * again when it is tried again.
 */
import { theInstruction } from '../../hw/isa/instruction.ts';
import { MARK } from '../../hw/isa/mark.ts';
import { OP, OPS } from '../../hw/isa/op.ts';
import { placeName } from '../../hw/isa/place-name.ts';
import type { Machine } from '../../hw/machine.ts';
import type { TraceEvent } from '../../hw/trace/event.ts';
import { ACTIVITY } from '../../hw/hart/hart-state.ts';
import { STEPS } from '../../kernel/steps.ts';
import type { Place } from './anchor.ts';

/** A place that a hart has passed; it is another object each time. */
export interface Passed extends Place {
  /** Whether it is a named step of the kernel: code that is not what users edit. */
  readonly isKernels: boolean;
}

/** What an actor did. */
export interface Deed {
  readonly actor: number;
  readonly op: number | undefined;
  readonly address: number | undefined;
  readonly place: Passed | undefined;
}

const TAKES_ADDRESS: ReadonlySet<number> = new Set(
  OPS.flatMap(({ operands }, op) => (operands[0]?.startsWith('address') ? [op] : [])),
);

const ENDED = { op: OP.call, a: 0 } as const;

export class Whereabouts {
  private readonly machine: Machine;
  /** The last place of each hart, in supervisor mode and in user mode: they are different programs. */
  private readonly places: (Passed | undefined)[];
  private readonly times = new Map<string, number>();
  private actor: number | undefined;
  private mode = 0;

  /**
   * @param machine before it runs under the arbiter
   * @param withPlaces whether places matter: to notice them has a price
   */
  constructor(machine: Machine, withPlaces: boolean) {
    this.machine = machine;
    this.places = new Array<Passed | undefined>(2 * machine.harts);
    if (withPlaces) machine.trace.attach({ event: (event) => this.see(event) });
  }

  /** `actor` acts next. */
  take(actor: number): void {
    this.actor = actor;
    if (actor < this.machine.harts) this.mode = Number(this.machine.isUser(actor));
  }

  /** What whoever acted last did. To be asked before anything else is executed. */
  get last(): Deed | undefined {
    const { actor, machine } = this;
    if (actor === undefined) return undefined;
    if (actor >= machine.harts) return { actor, op: undefined, address: undefined, place: undefined };
    // What stands in the record when a program has ended is somebody else's.
    const hasEnded = machine.state.activity[actor] === ACTIVITY.stopped;
    const { op, a } = hasEnded ? ENDED : theInstruction;
    const address = TAKES_ADDRESS.has(op) ? a : undefined;
    return { actor, op, address, place: this.places[2 * actor + this.mode] };
  }

  private see(event: TraceEvent): void {
    if (event.kind === 'enter') this.pass(event.hart, 0, stepName(event.step), true);
    else if (event.kind === 'mark' && event.mark === MARK.place)
      this.pass(event.hart, Number(event.user), placeName(event.a, event.b), false);
  }

  private pass(hart: number, mode: number, name: string, isKernels: boolean): void {
    const key = `${hart} ${mode} ${name}`;
    const times = (this.times.get(key) ?? 0) + 1;
    this.times.set(key, times);
    this.places[2 * hart + mode] = { name, times, isKernels };
  }
}

/** A step's name as one word: `page-fault`. */
const stepName = (step: number): string => (STEPS[step]?.name ?? String(step)).replaceAll(/[^\w.]+/g, '-');
