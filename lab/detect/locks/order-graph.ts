/**
 * In which order locks are taken: an edge from each lock that is held to the one that is wanted. Two orders that
 * contradict each other make a cycle, and can end in a deadlock even if this run did not.
 *
 * As Goodlock has it (Havelund, SPIN 2000; Bensalem & Havelund, 2005): no two edges of a cycle may be by the
 * same thread alone, nor guarded by one lock that is held throughout, since then they never meet.
 */
import type { Actor } from '../actor.ts';

/** A lock, or a class of locks, in the order. */
export type OrderNode = string;

/** How somebody came to want one lock while it held another. */
export interface Witness {
  readonly who: Actor;
  readonly hart: number;
  readonly cycle: number;
  /** Other locks that it held then. */
  readonly gates: ReadonlySet<OrderNode>;
}

export interface Edge extends Witness {
  readonly held: OrderNode;
  readonly wanted: OrderNode;
}

/** So many different ways to come to an order are kept. */
const WITNESSES = 4;
const LONGEST = 8;

export class OrderGraph {
  private readonly edges = new Map<OrderNode, Map<OrderNode, Edge[]>>();
  private readonly oneThreadSuffices: boolean;

  /** @param oneThreadSuffices whether any thread may take any path, so that two orders by one thread count */
  constructor(oneThreadSuffices: boolean) {
    this.oneThreadSuffices = oneThreadSuffices;
  }

  /** Adds an edge; gives the cycle that it closes, beginning with it. */
  add(edge: Edge): readonly Edge[] | undefined {
    const after = this.edges.get(edge.held) ?? new Map<OrderNode, Edge[]>();
    this.edges.set(edge.held, after);
    const ways = after.get(edge.wanted) ?? [];
    if (ways.length >= WITNESSES || ways.some((way) => this.same(way, edge))) return undefined;
    after.set(edge.wanted, [...ways, edge]);
    return this.closing([edge]);
  }

  /** Locks that are no more, such as those in memory that was freed. */
  drop(isGone: (node: OrderNode) => boolean): void {
    for (const [held, after] of this.edges) {
      if (isGone(held)) this.edges.delete(held);
      else for (const wanted of after.keys()) if (isGone(wanted)) after.delete(wanted);
    }
  }

  // DOC: order-cycle
  /** Goes on with a path of edges until it is back at its beginning. */
  private closing(path: readonly Edge[]): readonly Edge[] | undefined {
    const first = path[0] as Edge;
    const last = path.at(-1) as Edge;
    for (const [wanted, ways] of this.edges.get(last.wanted) ?? []) {
      const isBack = wanted === first.held;
      if (!isBack && (path.length >= LONGEST || path.some((edge) => edge.held === wanted))) continue;
      for (const way of ways) {
        if (!path.every((edge) => this.canMeet(edge, way))) continue;
        const longer = [...path, way];
        const cycle = isBack ? longer : this.closing(longer);
        if (cycle !== undefined) return cycle;
      }
    }
    return undefined;
  }

  private canMeet(left: Edge, right: Edge): boolean {
    if (!this.oneThreadSuffices && left.who === right.who) return false;
    for (const gate of left.gates) if (right.gates.has(gate)) return false;
    return true;
  }

  private same(left: Edge, right: Edge): boolean {
    const bySame = this.oneThreadSuffices || left.who === right.who;
    return (
      bySame && left.gates.size <= right.gates.size && [...left.gates].every((gate) => right.gates.has(gate))
    );
  }
}
