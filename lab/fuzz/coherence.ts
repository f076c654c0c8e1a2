/**
 * The invariants of coherence, from the host side: a line that somebody may write silently (E, M) has no other copy;
 * at most one copy answers for it (M, Sm); and every copy equals that one, or memory if there is none. They hold
 * after every instruction. The test suite's own checker is more thorough (test/hw/coherence); this one is fast.
 */
import { STATE } from '../../hw/coherence/protocol.ts';
import type { Machine } from '../../hw/machine.ts';
import type { Failure } from '../explore/subject.ts';

/** What is first found broken. */
export function brokenCoherence(machine: Machine): Failure | undefined {
  const message = machine.nonCoherent ? undefined : firstFlaw(machine);
  return message === undefined ? undefined : { invariant: 'coherence', message };
}

function firstFlaw(machine: Machine): string | undefined {
  const { caches } = machine;
  const owners = new Map<number, number>();
  const copies = new Map<number, number>();
  for (let slot = 0; slot < caches.line.length; slot++) {
    const line = caches.line[slot] as number;
    if (line < 0) continue;
    const state = caches.state[slot] as number;
    copies.set(line, (copies.get(line) ?? 0) + 1);
    if (state !== STATE.M && state !== STATE.Sm && state !== STATE.E) continue;
    if (owners.has(line)) return `line ${line} has more than one owner`;
    owners.set(line, slot);
  }
  for (const [line, slot] of owners) {
    const alone = caches.state[slot] !== STATE.Sm;
    if (alone && copies.get(line) !== 1) return `line ${line} has a writer and other copies`;
  }
  for (let slot = 0; slot < caches.line.length; slot++) {
    const line = caches.line[slot] as number;
    if (line >= 0 && !isGood(machine, slot, line, owners.get(line)))
      return `the copy of line ${line} at core ${caches.coreOf(slot)} differs from the good one`;
  }
  return undefined;
}

function isGood({ caches, memory }: Machine, slot: number, line: number, owner: number | undefined): boolean {
  const { lineWords, data, state } = caches;
  if (slot === owner && state[slot] !== STATE.E) return true;
  const dirty = owner !== undefined && state[owner] !== STATE.E;
  const from = dirty ? owner * lineWords : line * lineWords;
  const good = dirty ? data : memory.words;
  for (let word = 0; word < lineWords; word++)
    if (data[slot * lineWords + word] !== good[from + word]) return false;
  return true;
}
