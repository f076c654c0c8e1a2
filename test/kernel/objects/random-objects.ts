/**
 * Random lives of objects: every hart makes, uses, replaces, forgets and destroys counters that all can find in a
 * directory, and holds temporary references over other operations, as a thread that sleeps inside the kernel does.
 *
 * What must hold is watched from the host side: a held representative is never freed; no addition that succeeded is
 * lost, whatever replaced the object meanwhile; and at the end everything is given back.
 */
import fc from 'fast-check';
import { type Code, compareAndSwap, fetchAndStore, load } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import type { Arbiter } from '../../../hw/sequencer/arbiter.ts';
import { CLASS } from '../../../kernel/classes.ts';
import {
  counterClass,
  createCounter,
  swapCounter,
  useCounter,
} from '../../../kernel/counters/counter-object.ts';
import { COUNTER } from '../../../kernel/counters/layout.ts';
import { allocate, free } from '../../../kernel/memory/heap.ts';
import { enterGeneration, leaveGeneration } from '../../../kernel/objects/generations.ts';
import { destroyObject } from '../../../kernel/objects/object.ts';
import { serveToken } from '../../../kernel/objects/token.ts';
import { forgetTranslations, tryDeref } from '../../../kernel/objects/translation-table.ts';
import { generationSlot, inside } from '../../../lab/experiments/framework/inside.ts';
import { finish } from './kernel-machine.ts';

const KINDS = ['create', 'add', 'add', 'read', 'swap', 'destroy', 'hold', 'release', 'forget'] as const;

export interface Action {
  readonly kind: (typeof KINDS)[number];
  /** Place in the directory. */
  readonly place: number;
  readonly policy: number;
  readonly degree: number;
}

const PLACES = 3;

export const actions = (most: number): fc.Arbitrary<Action[]> =>
  fc.array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      place: fc.integer({ min: 0, max: PLACES - 1 }),
      policy: fc.integer({ min: 0, max: 1 }),
      degree: fc.constantFrom(0, -1, 1, 2, 4),
    }),
    { minLength: 1, maxLength: most },
  );

/** The procedures that a planted bug may replace. */
export interface Procedures {
  readonly deref: typeof tryDeref;
  readonly serve: typeof serveToken;
}

export const CORRECT: Procedures = { deref: tryDeref, serve: serveToken };

const LIVE: ReadonlySet<number> = new Set([
  CLASS.counterPartitioned,
  CLASS.counterReplicated,
  CLASS.mediator,
]);

/** Lives that were led on a machine, and what was wrong with them. */
export class Lives {
  readonly problems: string[] = [];
  /** Additions that succeeded, by the object that has a reference now. */
  private readonly added = new Map<number, number>();
  /** References of objects that somebody has begun to destroy. */
  private readonly doomed = new Set<number>();
  private readonly machine: Machine;
  private readonly procedures: Procedures;
  private directory = 0;

  constructor(machine: Machine, procedures: Procedures = CORRECT) {
    this.machine = machine;
    this.procedures = procedures;
  }

  /** Hart 0 carries out the `first` actions, then each hart its list; then everything is destroyed. */
  lead(lists: readonly (readonly Action[])[], arbiter?: Arbiter, first: readonly Action[] = []): void {
    finishOn(this.machine, 0, (local) => this.begin(local, first));
    finish(this.machine, (local, hart) => this.perform(local, lists[hart % lists.length] ?? []), arbiter);
    finishOn(this.machine, 0, (local) => this.end(local));
  }

  private *begin(local: number, first: readonly Action[]): Code {
    this.directory = yield* allocate(local, 4 * PLACES);
    yield* this.perform(local, first);
  }

  private *perform(local: number, list: readonly Action[]): Code {
    const slot = yield* generationSlot();
    const held = yield* generationSlot();
    let rep = 0;
    for (const action of list) {
      if (action.kind === 'hold' && rep === 0) {
        yield* enterGeneration(local, held);
        const ref = yield load(this.place(action));
        rep = ref === 0 ? 0 : yield* this.procedures.deref(ref);
        if (rep === 0) yield* this.release(local, held);
      } else if (action.kind === 'release' && rep !== 0) {
        yield* this.release(local, held);
        rep = 0;
      } else {
        yield* this.inside(local, slot, this.carryOut(local, action));
      }
      if (rep !== 0) yield* this.expectLive(rep);
    }
    if (rep !== 0) yield* this.release(local, held);
    yield* free(slot);
    yield* free(held);
  }

  private *inside(local: number, slot: number, body: Code): Code {
    yield* enterGeneration(local, slot);
    yield* body;
    yield* this.release(local, slot);
  }

  private *release(local: number, slot: number): Code {
    yield* leaveGeneration(local, slot);
    yield* this.procedures.serve(local);
  }

  private *expectLive(rep: number): Code {
    const word = yield load(rep + COUNTER.class);
    if (!LIVE.has(word)) this.problems.push(`a representative was freed while it was held: ${word}`);
  }

  private place({ place }: Action): number {
    return this.directory + 4 * place;
  }

  private *carryOut(local: number, action: Action): Code {
    const { kind, policy, degree } = action;
    const place = this.place(action);
    const classWord = counterClass(policy) as number;
    if (kind === 'forget') {
      yield* forgetTranslations(local, 0);
      return;
    }
    if (kind === 'destroy') {
      const ref = yield fetchAndStore(place, 0);
      this.doomed.add(ref);
      if (ref !== 0 && !(yield* destroyObject(local, ref))) this.problems.push(`object ${ref} was gone`);
      return;
    }
    const ref = yield load(place);
    if (ref === 0) {
      if (kind === 'create') yield* this.create(local, place, classWord, degree);
      return;
    }
    if (kind === 'swap') yield* swapCounter(local, ref, classWord, degree);
    if (kind === 'read') yield* useCounter(local, ref, 0);
    if (kind !== 'add') return;
    // Through `deref` first, so that a planted miss handler is met.
    if ((yield* this.procedures.deref(ref)) === 0) return;
    const { error } = yield* useCounter(local, ref, 1);
    if (error === 0) this.added.set(ref, (this.added.get(ref) ?? 0) + 1);
    else if (!this.doomed.has(ref)) this.problems.push(`object ${ref} was refused, and is there`);
  }

  private *create(local: number, place: number, classWord: number, degree: number): Code {
    const ref = yield* createCounter(local, classWord, degree);
    if (ref === 0) return;
    this.added.set(ref, 0);
    this.doomed.delete(ref);
    if ((yield compareAndSwap(place, 0, ref)) !== 0) yield* destroyObject(local, ref);
  }

  private *end(local: number): Code {
    const slot = yield* generationSlot();
    for (let index = 0; index < PLACES; index += 1) {
      const ref = yield fetchAndStore(this.directory + 4 * index, 0);
      if (ref === 0) continue;
      const { error, value } = yield* inside(local, slot, useCounter(local, ref, 0));
      const added = this.added.get(ref) ?? 0;
      if (error !== 0) this.problems.push(`object ${ref} is gone at the end`);
      else if (value !== added) this.problems.push(`object ${ref} is ${value} after ${added} additions`);
      yield* inside(local, slot, destroyAny(local, ref));
    }
    yield* free(slot);
    yield* free(this.directory);
  }
}

function* destroyAny(local: number, ref: number): Code {
  yield* destroyObject(local, ref);
}

function finishOn(machine: Machine, only: number, program: (local: number) => Code): void {
  finish(machine, function* (local, hart) {
    if (hart === only) yield* program(local);
  });
}
