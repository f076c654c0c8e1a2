/**
 * Looks at all caches at once and says which invariants of coherence do not hold: who may write a line
 * silently (E, M) has the only copy; at most one answers for it (M, Sm), and every copy equals that one's, or
 * memory if there is none; the set of holders is the caches that hold it; and a line lies in its own set, at
 * one level of a core, once. They are the same for protocols that invalidate and for those that update.
 */
import { STATE } from './protocol.ts';
import type { Machine } from '../machine.ts';

interface Copy {
  readonly core: number;
  readonly slot: number;
  readonly state: number;
}

/** A sentence for each invariant that is broken. */
export function brokenInvariants(machine: Machine): string[] {
  const broken: string[] = [];
  const copies = allCopies(machine, broken);
  for (const [line, held] of copies) {
    const names = held.map(({ core, state }) => `${core}:${stateName(state)}`).join(' ');
    const alone = held.some(({ state }) => state === STATE.E || state === STATE.M);
    if (alone && held.length > 1) broken.push(`line ${line} has a writer and other copies: ${names}`);
    const owners = held.filter(({ state }) => state === STATE.M || state === STATE.Sm);
    if (owners.length > 1) broken.push(`line ${line} has more than one owner: ${names}`);
    const good = goodCopy(machine, line, owners[0]);
    for (const copy of held) {
      if (wordsIn(machine, copy.slot).join() !== good.join())
        broken.push(`the copy of line ${line} at core ${copy.core} differs from the good one: ${names}`);
    }
    const holders = holdersOf(machine, line);
    const cores = held.map(({ core }) => core).toSorted((left, right) => left - right);
    if (holders.join() !== cores.join())
      broken.push(`line ${line} is held by [${cores}], listed are [${holders}]`);
  }
  return broken;
}

/** As `brokenInvariants`, and that the lines listed here have no holders where no cache holds them. */
export function brokenInvariantsOf(machine: Machine, lines: Iterable<number>): string[] {
  const broken = brokenInvariants(machine);
  for (const line of lines) {
    const listed = holdersOf(machine, line);
    if (listed.some((core) => machine.caches.locate(core, line) < 0)) {
      broken.push(`line ${line} has holders [${listed}] that do not hold it`);
    }
  }
  return broken;
}

function allCopies(machine: Machine, broken: string[]): Map<number, Copy[]> {
  const { caches } = machine;
  const copies = new Map<number, Copy[]>();
  for (let slot = 0; slot < caches.line.length; slot++) {
    const line = caches.line[slot] as number;
    const state = caches.state[slot] as number;
    const core = caches.coreOf(slot);
    if (line < 0 !== (state === STATE.I))
      broken.push(`slot ${slot} holds line ${line} in state ${stateName(state)}`);
    if (line < 0) continue;
    if (caches.find(core, line) !== slot && caches.findLower(core, line) !== slot)
      broken.push(`line ${line} lies in a wrong set of core ${core}, or twice in one`);
    const held = copies.get(line) ?? [];
    if (held.some((copy) => copy.core === core)) broken.push(`core ${core} holds line ${line} twice`);
    copies.set(line, [...held, { core, slot, state }]);
  }
  return copies;
}

/** What every copy must equal: the owner's, or else memory. */
function goodCopy(machine: Machine, line: number, owner: Copy | undefined): Int32Array {
  if (owner !== undefined) return wordsIn(machine, owner.slot);
  const { lineWords } = machine.caches;
  return machine.memory.words.subarray(line * lineWords, (line + 1) * lineWords);
}

const wordsIn = ({ caches }: Machine, slot: number): Int32Array =>
  caches.data.subarray(slot * caches.lineWords, (slot + 1) * caches.lineWords);

function holdersOf(machine: Machine, line: number): number[] {
  const { holders } = machine.coherent;
  return [...holders.found.subarray(0, holders.find(line))].toSorted((left, right) => left - right);
}

const stateName = (state: number): string =>
  Object.entries(STATE).find(([, number]) => number === state)?.[0] ?? `${state}`;
