/**
 * Names where a run is by an anchor, while it goes on. Of the names that an anchor could have it takes the one that
 * most edits leave alone: counted from the last place on, if one was passed; with the address, if there is one. In a
 * named step of the kernel it takes no address: that code is not edited, but where its objects lie depends on all else.
 */
import type { Machine } from '../../hw/machine.ts';
import type { Anchor } from './anchor.ts';
import { type Deed, type Passed, Whereabouts } from './whereabouts.ts';

export class AnchorNamer {
  private readonly whereabouts: Whereabouts;
  private readonly counts = new Map<Passed | undefined, Map<string, number>>();

  constructor(machine: Machine) {
    this.whereabouts = new Whereabouts(machine, true);
  }

  /** The anchor of this moment; to be asked once before each step. Before the first step there is none. */
  next(): Anchor | undefined {
    const deed = this.whereabouts.last;
    if (deed === undefined) return undefined;
    const { actor, op, place } = deed;
    const address = place?.isKernels === true ? undefined : deed.address;
    const inRun = this.count(undefined, deed, deed.address);
    const times = place === undefined ? inRun : this.count(place, deed, address);
    return {
      actor,
      ...(op === undefined ? {} : { op }),
      ...(address === undefined ? {} : { address }),
      ...(place === undefined ? {} : { place: { name: place.name, times: place.times } }),
      times,
    };
  }

  /** `actor` acts next. */
  take(actor: number): void {
    this.whereabouts.take(actor);
  }

  private count(place: Passed | undefined, { actor, op }: Deed, address: number | undefined): number {
    let counts = this.counts.get(place);
    if (counts === undefined) {
      counts = new Map();
      this.counts.set(place, counts);
    }
    const key = `${actor} ${op} ${address}`;
    const times = (counts.get(key) ?? 0) + 1;
    counts.set(key, times);
    return times;
  }
}
