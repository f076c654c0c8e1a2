/**
 * Mutual exclusion, as programs say it themselves: a lock tells with `mark` when it has been acquired and when it is
 * about to be given up (hw/isa/mark.ts), and nobody may acquire it in between; or only those who share it, if it has
 * been acquired as shared.
 *
 * A lock is told by its address and, in user mode, by its address space; a thread by its context.
 */
import { MARK } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import type { Invariant } from './invariant.ts';

/** The second operand of `lockAcquired` for a lock that is held together with others. */
const SHARED = 1;

type Mark = Extract<TraceEvent, { kind: 'mark' }>;

// DOC: mutual-exclusion
export const mutualExclusion: Invariant = {
  id: 'mutual-exclusion',
  summary:
    'A lock that is marked as acquired is acquired by nobody else, or shared with readers only, until it is released.',
  holds: 'always',
  watch(machine) {
    const broken: string[] = [];
    const holders = new Map<string, Mark[]>();
    machine.trace.attach({
      event(event) {
        if (event.kind !== 'mark') return;
        const lock = lockOf(machine, event);
        const held = holders.get(lock) ?? [];
        if (event.mark === MARK.lockAcquired) {
          const other = held.find((holder) => holder.b !== SHARED || event.b !== SHARED);
          if (other !== undefined)
            broken.push(`${who(event)} acquires lock ${hex(event.a)}, which ${who(other)} holds`);
          holders.set(lock, [...held, event]);
        } else if (event.mark === MARK.lockReleased) {
          const others = held.filter(({ context }) => context !== event.context);
          if (others.length === held.length)
            broken.push(`${who(event)} releases lock ${hex(event.a)}, which it does not hold`);
          holders.set(lock, others);
        }
      },
    });
    return () => broken;
  },
};

const lockOf = (machine: Machine, { a, hart, user }: Mark): string =>
  `${user ? machine.state.satp[hart] : 'physical'} ${a}`;

const who = ({ hart, context }: Mark): string => `context ${context} on hart ${hart}`;

const hex = (address: number): string => `0x${(address >>> 0).toString(16)}`;
