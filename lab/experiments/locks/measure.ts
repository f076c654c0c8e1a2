/** Measures one cell: one kind of lock, on one machine, in one way. */
import { LINE, type LockKind, LOCKS, roundUp } from '../../../userland/index.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';
import { Arena, checkRoom, transactions } from '../synchronization/arena.ts';
import { contest, lockIn } from './contest.ts';
import { elapsed } from './elapsed.ts';
import { fairness, meanHandover, meanWait, mostOvertakes, overlaps, waits } from './figures.ts';
import { probe } from './probe.ts';
import { quiesce } from './quiesce.ts';
import { stalled } from './stalled.ts';

/** The kinds that need no kernel. */
export const SPIN_LOCKS: readonly LockKind[] = LOCKS.filter((kind) => !kind.blocking);

/** Why there are no locks on a cluster. */
const SHARES_NOTHING = 'a lock is a word that all threads share, and the nodes of a cluster share none';

/** Acquisitions before the measured ones. */
const WARM_UP = 2;
/** Cycles inside when exclusion is checked: two that are inside for no time at all are never seen together. */
const CHECKED_SECTION = 100;
/** In a contest of few harts each takes the lock oftener. */
const LEAST_SECTIONS = 192;

/** The ways of measuring, each a value of the factor `measure`. */
const MEASURES: Readonly<Record<string, (arena: Arena, kind: LockKind, settings: Settings) => Row>> = {
  contest: (arena, kind, settings) => compete(arena, kind, settings),
  release: (arena, kind) => quiesce(arena, kind),
  probe: (arena, kind, { parameters }) => probe(arena, kind, parameters['looks'] as number),
  elapsed: (arena, kind, { parameters }) => elapsed(arena, kind, parameters['sections'] as number),
  stalled: (arena, kind) => stalled(arena, kind, 40),
};

export const MEASURE_NAMES = Object.keys(MEASURES);

/** @param own the kind to measure, if it is none of ours */
export function measureLock(cell: Cell, settings: Settings, own?: LockKind): Row {
  const { lock, machine, harts, measure } = cell as {
    readonly lock: string;
    readonly machine: string;
    readonly harts: number;
    readonly measure: string;
  };
  if (machine === 'cluster') throw new NotMeasured(SHARES_NOTHING);
  const kind = own ?? (SPIN_LOCKS.find(({ id }) => id === lock) as LockKind);
  const arena = new Arena(machine, harts, settings);
  checkRoom(kind.size(harts), kind.nodeSize);
  return (MEASURES[measure] as (typeof MEASURES)[string])(arena, kind, settings);
}

/** One hart alone, then all of them without a pause. */
function compete(arena: Arena, kind: LockKind, { parameters }: Settings): Row {
  const { harts } = arena;
  const lock = lockIn(arena, kind);
  const section = parameters['section'] as number;
  const rounds = Math.max(parameters['rounds'] as number, Math.ceil(LEAST_SECTIONS / harts));
  // Once round all slots, where there are any.
  contest(arena, lock, { rounds: 2 * harts, section: 0 }, [0]);
  const alone = contest(arena, lock, { rounds: 8, section: 0 }, [0]);
  contest(arena, lock, { rounds: WARM_UP, section });
  const { phase, sections } = contest(arena, lock, { rounds, section });
  const checked = contest(arena, lock, { rounds: WARM_UP, section: CHECKED_SECTION }).sections;
  const count = sections.length;
  return {
    sections: count,
    latency: alone.phase.cycles / 8,
    perSection: phase.cycles / count,
    handover: meanHandover(sections),
    wait: meanWait(sections),
    longestWait: Math.max(...waits(sections)),
    transactions: transactions(phase) / count,
    remote: arena.remote(phase) / count,
    atomics: phase.counted('atomics') / count,
    fairness: fairness(sections, harts, rounds),
    overtakes: mostOvertakes(sections),
    overlaps: overlaps(sections) + overlaps(checked),
    space: kind.size(harts) + harts * kind.nodeSize,
    spaceInLines: roundUp(kind.size(harts), LINE) / LINE,
  };
}
