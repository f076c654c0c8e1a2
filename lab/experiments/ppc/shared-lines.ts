/**
 * Which lines of memory the kernel touches on several harts, and writes on at least one: what is shared. It looks at
 * what the kernel executes on a hart between the marks `begin` and `end` of that hart.
 */
import { MARK, OP } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import { placeOf } from './place-events.ts';

const READS: ReadonlySet<number> = new Set([OP.load, OP.load8, OP.load16, OP.loadReserved]);
const WRITES: ReadonlySet<number> = new Set([
  OP.store,
  OP.store8,
  OP.store16,
  OP.fetchAndAdd,
  OP.fetchAndStore,
  OP.compareAndSwap,
  OP.testAndSet,
  OP.storeConditional,
  OP.zeroLine,
]);

export class SharedLines {
  /** Locks that the kernel took. */
  locks = 0;
  private readonly inside = new Set<number>();
  private readonly readers = new Map<number, Set<number>>();
  private readonly writers = new Map<number, Set<number>>();

  constructor(machine: Machine) {
    const { line } = machine.config.l1;
    machine.trace.attach({
      instructions: true,
      event: (event) => {
        if (event.kind !== 'mark' && event.kind !== 'instruction') return;
        const name = placeOf(event);
        if (name === 'begin') this.inside.add(event.hart);
        if (name === 'end') this.inside.delete(event.hart);
        if (!this.inside.has(event.hart) || event.user) return;
        if (event.kind === 'mark') {
          if (event.mark === MARK.lockAcquired) this.locks++;
          return;
        }
        const at = Math.floor((event.a >>> 0) / line);
        if (READS.has(event.op)) add(this.readers, at, event.hart);
        else if (WRITES.has(event.op)) add(this.writers, at, event.hart);
      },
    });
  }

  /** Lines that one hart wrote and another touched. */
  get shared(): number {
    return [...this.writers].filter(([line, harts]) => harts.size > 1 || this.others(line, harts)).length;
  }

  /** Lines that several harts read, and none wrote. */
  get readOnly(): number {
    return [...this.readers].filter(([line, harts]) => harts.size > 1 && !this.writers.has(line)).length;
  }

  private others(line: number, writers: ReadonlySet<number>): boolean {
    return [...(this.readers.get(line) ?? [])].some((hart) => !writers.has(hart));
  }
}

function add(sets: Map<number, Set<number>>, line: number, hart: number): void {
  const set = sets.get(line);
  if (set === undefined) sets.set(line, new Set([hart]));
  else set.add(hart);
}
