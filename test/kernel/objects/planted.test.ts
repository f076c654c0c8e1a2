/** Planted bugs: each is met by random lives of objects within a few tries, and its correct twin is not accused. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Code, csrRead, load, store, work } from '../../../hw/isa/index.ts';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { CLASS } from '../../../kernel/classes.ts';
import { createCounter } from '../../../kernel/counters/counter-object.ts';
import { HART, TRANSLATION_TABLE } from '../../../kernel/hart-local.ts';
import { HartSet } from '../../../kernel/memory/hart-set.ts';
import { allocate } from '../../../kernel/memory/heap.ts';
import { isQuiescent } from '../../../kernel/objects/generations.ts';
import { missHandlerOf } from '../../../kernel/objects/miss-handler-table.ts';
import { Root, ROOT, ROOT_STATE } from '../../../kernel/objects/root.ts';
import { serve } from '../../../kernel/objects/token.ts';
import { bootedMachine, brokenInvariants, drainLimbo, finish } from './kernel-machine.ts';
import { type Action, CORRECT, Lives, type Procedures } from './random-objects.ts';

afterEach(() => void vi.restoreAllMocks());

const act = (kind: Action['kind'], degree = 1): Action => ({
  kind,
  place: 0,
  policy: 0,
  degree,
  cycles: 20,
  nested: 1,
});

/** Whether anything is found wrong in the lives that some lists lead, by one of so many schedules. */
function accused(
  lists: readonly (readonly Action[])[],
  procedures: Procedures,
  tries: number,
  first: readonly Action[] = [],
): string | undefined {
  for (let seed = 1; seed <= tries; seed++) {
    const machine = bootedMachine({ harts: lists.length, seed });
    const lives = new Lives(machine, procedures);
    try {
      lives.lead(lists, new RandomArbiter(seed), first);
      drainLimbo(machine);
    } catch (error) {
      return String(error);
    }
    const [problem] = [...lives.problems, ...brokenInvariants(machine)];
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Serves the token as soon as one generation has passed. */
function* serveAfterOne(local: number): Code {
  if ((yield load(local + HART.token)) === 0) return;
  yield* serve(local, function* onePassed(at, since) {
    const generation = yield load(at + HART.generation);
    if (((generation - since) | 0) >= 1) return true;
    if ((yield load(at + HART.active + 4 * (1 - (generation & 1)))) !== 0) return false;
    yield store(at + HART.generation, (generation + 1) | 0);
    return true;
  });
}

/** Serves the token without asking who is inside (E01: only the caller itself is out). */
function* serveAtOnce(local: number): Code {
  if ((yield load(local + HART.token)) === 0) return;
  yield* serve(local, function* passed(at) {
    yield* isQuiescent(at);
    return true;
  });
}

const HOLDERS = [
  [act('create'), act('hold'), act('add'), act('destroy'), act('add'), act('read'), act('release')],
  [act('hold'), act('add'), act('hold'), act('read'), act('add'), act('read'), act('release')],
  [act('add'), act('hold'), act('destroy'), act('create'), act('read'), act('read'), act('release')],
];

describe('memory is freed too early', () => {
  test('two generations are enough', () => expect(accused(HOLDERS, CORRECT, 20)).toBeUndefined());
  test('one is not: what sleeps in the current one is overlooked', () =>
    expect(accused(HOLDERS, { ...CORRECT, serve: serveAfterOne }, 40)).toMatch(
      /freed while it was held|panic/,
    ));
  test('nor is none', () =>
    expect(accused(HOLDERS, { ...CORRECT, serve: serveAtOnce }, 40)).toMatch(
      /freed while it was held|panic/,
    ));
});

/** A miss handler that looks for a representative and makes one without the lock of the root (E06). */
class HastyRoot extends Root {
  *look(local: number): Code<number> {
    const hart = yield load(local + HART.hart);
    if ((yield load(this.address + ROOT.state)) !== ROOT_STATE.live) return 0;
    const rep = (yield load(this.address + ROOT.mediator)) || (yield* this.lockedRep(local, local, hart));
    yield* new HartSet(this.address + ROOT.transSet).add(hart);
    yield store(local + TRANSLATION_TABLE + (yield* this.ref()), rep);
    return rep;
  }
}

function* hastyDeref(ref: number): Code<number> {
  const local = yield csrRead('slocal');
  const rep = yield load(local + TRANSLATION_TABLE + ref);
  if (rep !== 0) return rep;
  const root = yield* missHandlerOf(local, ref);
  return root <= 0 ? 0 : yield* new HastyRoot(root).look(local);
}

const MADE = [act('create', 2)];
const MISSES = [[act('add')], [act('add')], [act('add'), act('add')], [act('add'), act('add')]];

describe('two harts of a cluster miss at once', () => {
  test('one representative is made', () => expect(accused(MISSES, CORRECT, 20, MADE)).toBeUndefined());
  test('without the lock there are two, and one is lost to the root', () =>
    expect(accused(MISSES, { ...CORRECT, deref: hastyDeref }, 60, MADE)).toMatch(
      /another representative|after \d+ additions|in use/,
    ));
});

/** Makes a representative, and lets others find it before it is whole. */
function* installFirst(this: Root, home: number, slot: number): Code<number> {
  const primary = yield* this.primary();
  const rep = yield* allocate(home, yield load(this.address + ROOT.bytes));
  yield store(slot, rep);
  yield work(10_000);
  const fixed = yield load(this.address + ROOT.fixed);
  for (let offset = 0; offset < fixed; offset += 4) yield store(rep + offset, yield load(primary + offset));
  return rep;
}

/** What a hart finds in a representative of its cluster, which another hart is making. */
function classFound(): number {
  const machine = bootedMachine({ harts: 4 });
  let found = 0;
  let root = new Root(0);
  finish(machine, function* (local, hart) {
    if (hart !== 0) return;
    const ref = yield* createCounter(local, CLASS.counterPartitioned, 2);
    root = new Root(yield* missHandlerOf(local, ref));
  });
  finish(machine, function* (local, hart) {
    if (hart < 2) return;
    if (hart === 3) yield work(4000);
    const rep = yield* root.repFor(local, hart);
    if (hart === 3) found = yield load(rep);
  });
  return found;
}

describe('harts of a cluster ask the root itself, without its lock', () => {
  test('and find a representative that is whole', () => expect(classFound()).toBe(CLASS.counterPartitioned));
  test('but not if it is installed before it is initialised', () => {
    const methods = Root.prototype as unknown as { lockedCreateRep: typeof installFirst };
    vi.spyOn(methods, 'lockedCreateRep').mockImplementation(installFirst);
    expect(classFound()).toBe(0);
  });
});
