/**
 * Who can act when an arbiter decides, as numbers: first the harts, then the drains of their store buffers, then
 * (where device events are chosen, too) each hart's timer, the software interrupts on their way to each hart,
 * each node's disk, and the messages on their way from one node to another.
 */

/** Kinds of actor in the order of their numbers, with the letter by which schedules name them. */
export const ACTOR_KINDS = {
  hart: 'h',
  drain: 'd',
  timer: 't',
  interrupt: 'i',
  disk: 'k',
  message: 'm',
} as const;

export type ActorKind = keyof typeof ACTOR_KINDS;

const KINDS = Object.keys(ACTOR_KINDS) as ActorKind[];

/** One actor: the number counts those of its kind: harts, nodes, or for messages `from · nodes + to`. */
export interface Actor {
  readonly kind: ActorKind;
  readonly number: number;
}

export class Actors {
  readonly harts: number;
  readonly nodes: number;

  constructor(harts: number, nodes: number) {
    this.harts = harts;
    this.nodes = nodes;
  }

  /** How many there are of a kind. */
  countOf(kind: ActorKind): number {
    if (kind === 'disk') return this.nodes;
    return kind === 'message' ? this.nodes * this.nodes : this.harts;
  }

  /** How many there are in all. */
  get count(): number {
    return KINDS.reduce((sum, kind) => sum + this.countOf(kind), 0);
  }

  /** The number of an actor. */
  of(kind: ActorKind, number: number): number {
    let first = 0;
    for (const other of KINDS) {
      if (other === kind) break;
      first += this.countOf(other);
    }
    return first + number;
  }

  /** What a number stands for. */
  at(actor: number): Actor {
    let number = actor;
    for (const kind of KINDS) {
      if (number < this.countOf(kind)) return { kind, number };
      number -= this.countOf(kind);
    }
    throw new RangeError(`there is no actor ${actor}`);
  }

  /** Whether it is a device event rather than a hart or its store buffer. */
  isEvent(actor: number): boolean {
    return actor >= 2 * this.harts;
  }
}
