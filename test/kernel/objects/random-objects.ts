/**
 * Random lives of objects: every hart makes, uses, replaces, forgets and destroys counters that all can find in a
 * directory, stays in calls of them and calls them again from inside, and holds temporary references over other
 * operations, as a thread that sleeps inside the kernel does.
 *
 * What must hold is watched from the host side: no addition that succeeded is lost, whatever replaced the object
 * meanwhile; a held representative is never freed; and no reference is used again while somebody has a temporary one. For
 * that each object has a serial number, which is its name, and stands beside its reference in the directory.
 */
import fc from 'fast-check';
import {
  type Code,
  compareAndSwap,
  csrWrite,
  fetchAndStore,
  load,
  store,
  work,
} from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import type { Arbiter } from '../../../hw/sequencer/arbiter.ts';
import { CLASS } from '../../../kernel/classes.ts';
import {
  counterClass,
  type CounterName,
  prepareCounter,
  swapCounter,
  useCounter,
} from '../../../kernel/counters/counter-object.ts';
import { counterAt } from '../../../kernel/counters/counter.ts';
import { COUNTER } from '../../../kernel/counters/layout.ts';
import { beginCall, endCall } from '../../../kernel/objects/calls.ts';
import { enterGeneration, leaveGeneration } from '../../../kernel/objects/generations.ts';
import { destroyObject, publishObject } from '../../../kernel/objects/object.ts';
import { serveToken } from '../../../kernel/objects/token.ts';
import { forgetTranslations, tryDeref } from '../../../kernel/objects/translation-table.ts';
import { finish } from './kernel-machine.ts';

/** What harts do, and how often beside the others. Where there is no object, what needs one makes one. */
export const LOADS = Object.freeze({
  all: { add: 3, read: 1, call: 4, swap: 3, destroy: 1, hold: 2, release: 2, forget: 1, create: 0 },
  /** Calls while the object is replaced. */
  calls: { add: 3, read: 1, call: 4, swap: 3, destroy: 1, hold: 0, release: 0, forget: 0, create: 0 },
  /** Temporary references that are held while the object is destroyed. */
  holds: { add: 3, read: 1, call: 0, swap: 1, destroy: 3, hold: 4, release: 3, forget: 1, create: 1 },
});

type Kind = keyof (typeof LOADS)['all'];

export interface Action {
  readonly kind: Kind;
  /** Place in the directory. */
  readonly place: number;
  readonly policy: number;
  readonly degree: number;
  /** How long a call takes, and how many calls of the same object it makes from inside. */
  readonly cycles: number;
  readonly nested: number;
}

const PLACES = 2;

/** Lists of actions, not of few, which would make harts miss each other. */
export const actions = (load: keyof typeof LOADS, most: number): fc.Arbitrary<Action[]> =>
  fc.array(
    fc.record({
      kind: fc.oneof(
        ...Object.entries(LOADS[load]).map(([kind, weight]) => ({
          weight,
          arbitrary: fc.constant(kind as Kind),
        })),
      ),
      place: fc.constantFrom(0, 0, 0, PLACES - 1),
      policy: fc.integer({ min: 0, max: 1 }),
      degree: fc.constantFrom(0, -1, 1, 2, 4),
      cycles: fc.integer({ min: 0, max: 300 }),
      nested: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: most >>> 2, maxLength: most, size: 'max' },
  );

/** The procedures that a planted bug may replace. */
export interface Procedures {
  readonly deref: typeof tryDeref;
  readonly serve: typeof serveToken;
}

export const CORRECT: Procedures = { deref: tryDeref, serve: serveToken };

const COUNTERS: ReadonlySet<number> = new Set([CLASS.counterPartitioned, CLASS.counterReplicated]);

/** Words of the page that belongs to nobody: the directory, and two slots of each hart. */
const DIRECTORY = 0x80;
const SLOTS = 0x100;

/** What a place of the directory has: the reference of an object, and above it its serial number. */
const REF_BITS = 16;
const refOf = (entry: number): number => entry & ((1 << REF_BITS) - 1);
const serialOf = (entry: number): number => entry >>> REF_BITS;
const nameOf = (serial: number): CounterName => ({ handle: serial, owner: serial });

/** What a hart holds on to over its operations. */
interface Holder {
  readonly slot: number;
  readonly held: number;
  rep: number;
  ref: number;
  serial: number;
}

/** Lives that were led on a machine, and what was wrong with them. */
export class Lives {
  readonly problems: string[] = [];
  /** Additions that succeeded, by serial. */
  private readonly added = new Map<number, number>();
  /** Serials of objects that somebody has begun to destroy. */
  private readonly doomed = new Set<number>();
  private readonly machine: Machine;
  private readonly procedures: Procedures;
  private readonly holders: Holder[];

  constructor(machine: Machine, procedures: Procedures = CORRECT) {
    this.machine = machine;
    this.procedures = procedures;
    this.holders = Array.from({ length: machine.harts }, (_, hart) => ({
      slot: SLOTS + 8 * hart,
      held: SLOTS + 8 * hart + 4,
      rep: 0,
      ref: 0,
      serial: 0,
    }));
  }

  /**
   * Hart 0 carries out the `first` actions, then each hart its list, in two halves, between which all are outside but
   * for what they hold; then everything is released and destroyed.
   */
  lead(
    lists: readonly (readonly Action[])[],
    arbiter?: Arbiter,
    first: readonly Action[] = [],
    between: () => void = () => {},
  ): void {
    this.onHart0((local) => this.perform(local, 0, first));
    for (const half of [0, 1]) {
      finish(this.machine, (local, hart) => this.perform(local, hart, halfOf(lists, hart, half)), arbiter);
      between();
    }
    finish(this.machine, (local, hart) => this.release(local, this.holders[hart] as Holder), arbiter);
    this.onHart0((local) => this.end(local));
  }

  private onHart0(program: (local: number) => Code): void {
    finish(this.machine, function* (local, hart) {
      if (hart === 0) yield* program(local);
    });
  }

  private *perform(local: number, hart: number, list: readonly Action[]): Code {
    const holder = this.holders[hart] as Holder;
    for (const action of list) {
      if (action.kind === 'hold') yield* this.hold(local, holder, action);
      else if (action.kind === 'release') yield* this.release(local, holder);
      else yield* this.inside(local, holder.slot, this.carryOut(local, action));
      if (holder.rep !== 0) yield* this.expectLive(holder);
    }
  }

  private *hold(local: number, holder: Holder, action: Action): Code {
    if (holder.rep !== 0) return;
    yield* enterGeneration(local, holder.held);
    const entry = yield load(placeOf(action));
    holder.ref = refOf(entry);
    holder.serial = serialOf(entry);
    holder.rep = entry === 0 ? 0 : yield* this.procedures.deref(holder.ref);
    if (holder.rep === 0) yield* this.leave(local, holder.held);
  }

  private *release(local: number, holder: Holder): Code {
    if (holder.rep === 0) return;
    holder.rep = 0;
    yield* this.leave(local, holder.held);
  }

  private *inside(local: number, slot: number, body: Code): Code {
    yield* enterGeneration(local, slot);
    yield* body;
    yield* this.leave(local, slot);
  }

  /** As on the way out of the kernel: whoever leaves looks for the token. */
  private *leave(local: number, slot: number): Code {
    yield* leaveGeneration(local, slot);
    yield csrWrite('sip', 0);
    yield* this.procedures.serve(local);
  }

  private *expectLive({ rep, ref, serial }: Holder): Code {
    const word = yield load(rep + COUNTER.class);
    if (!COUNTERS.has(word) && word !== CLASS.mediator)
      this.problems.push(`a representative was freed while it was held: ${word}`);
    else yield* this.expectSame(rep, serial);
    yield* this.lookAgain(ref, serial);
  }

  /** What a reference gives as long as a temporary one is held: a representative of the same object, or none. */
  private *lookAgain(ref: number, serial: number): Code {
    const rep = yield* this.procedures.deref(ref);
    if (rep !== 0) yield* this.expectSame(rep, serial);
  }

  /** A representative that was found by a temporary reference must be one of the object that the reference was of. */
  private *expectSame(rep: number, serial: number): Code {
    if (!COUNTERS.has(yield load(rep + COUNTER.class))) return;
    const found = yield load(rep + COUNTER.handle);
    if (found !== serial) this.problems.push(`object ${serial} became ${found} under a temporary reference`);
  }

  private *carryOut(local: number, action: Action): Code {
    const { kind, policy, degree } = action;
    const place = placeOf(action);
    const classWord = counterClass(policy) as number;
    if (kind === 'forget') {
      yield* forgetTranslations(local, 0);
      return;
    }
    if (kind === 'destroy') {
      const gone = yield fetchAndStore(place, 0);
      this.doomed.add(serialOf(gone));
      if (gone !== 0 && !(yield* destroyObject(local, refOf(gone))))
        this.problems.push(`object ${serialOf(gone)} was gone`);
      return;
    }
    const entry = yield load(place);
    if (entry === 0) {
      yield* this.create(local, place, classWord, degree);
      return;
    }
    const [ref, serial] = [refOf(entry), serialOf(entry)];
    if (kind === 'swap') yield* swapCounter(local, ref, classWord, degree);
    if (kind === 'read') yield* useCounter(local, ref, 0);
    if (kind === 'call') this.count(serial, yield* this.longCall(local, ref, serial, action));
    if (kind !== 'add') return;
    // Through `deref` first, so that a planted miss handler is met.
    yield* this.lookAgain(ref, serial);
    this.count(serial, (yield* useCounter(local, ref, 1, nameOf(serial))).error === 0);
  }

  private count(serial: number, isThere: boolean): void {
    if (isThere) this.added.set(serial, (this.added.get(serial) ?? 0) + 1);
    else if (!this.doomed.has(serial)) this.problems.push(`object ${serial} was refused, and is there`);
  }

  /** A call in which the hart stays for a while, and calls the object again; gives whether it was let in. */
  private *longCall(local: number, ref: number, serial: number, { cycles, nested }: Action): Code<boolean> {
    const call = yield* beginCall(ref, (word) => COUNTERS.has(word));
    const counter = counterAt(call.word, call.rep);
    if (counter === undefined) return false;
    yield* this.expectSame(call.rep, serial);
    for (let pause = 0; pause < cycles; pause += 1) yield work(10);
    // From inside: must pass, whatever the phase.
    for (let count = 0; count < nested; count += 1) yield* useCounter(local, ref, 0);
    yield* this.expectSame(call.rep, serial);
    yield* this.lookAgain(ref, serial);
    yield* counter.add(local, 1);
    yield* endCall(call);
    return true;
  }

  private *create(local: number, place: number, classWord: number, degree: number): Code {
    const made = yield* prepareCounter(local, classWord, degree);
    if (made.ref === 0) return;
    const serial = this.added.size + 1;
    this.added.set(serial, 0);
    yield store(made.rep + COUNTER.handle, serial);
    yield store(made.rep + COUNTER.owner, serial);
    yield* publishObject(local, made);
    const entry = made.ref | (serial << REF_BITS);
    if ((yield compareAndSwap(place, 0, entry)) !== 0) yield* destroyObject(local, made.ref);
  }

  private *end(local: number): Code {
    const { slot } = this.holders[0] as Holder;
    for (let index = 0; index < PLACES; index += 1) {
      const entry = yield fetchAndStore(DIRECTORY + 4 * index, 0);
      if (entry !== 0) yield* this.inside(local, slot, this.endOne(local, refOf(entry), serialOf(entry)));
    }
  }

  private *endOne(local: number, ref: number, serial: number): Code {
    const { error, value } = yield* useCounter(local, ref, 0, nameOf(serial));
    const added = this.added.get(serial) ?? 0;
    if (error !== 0) this.problems.push(`object ${serial} is gone at the end`);
    else if (value !== added) this.problems.push(`object ${serial} is ${value} after ${added} additions`);
    yield* destroyObject(local, ref);
  }
}

const placeOf = ({ place }: Action): number => DIRECTORY + 4 * place;

/** One half of what a hart is to do. */
function halfOf(lists: readonly (readonly Action[])[], hart: number, half: number): readonly Action[] {
  const list = lists[hart % lists.length] ?? [];
  const middle = list.length >>> 1;
  return half === 0 ? list.slice(0, middle) : list.slice(middle);
}
