/**
 * Lost wake-ups: somebody waits for ever though it was woken, or would have been had it been seen. Judged when the run
 * ends with waiters, by what each word held and who had looked:
 *
 *   overwritten   somebody wrote what the waiter waits for, and it was overwritten before the waiter looked
 *   unseen        the waiter said that it waits (its last store), and others had looked just before, not since
 *   not woken     the word of a futex changed while a thread slept on it, and no futexWake came after that
 *   found nobody  a futexWake came after the thread had looked at the word, and before it slept
 *
 * Whoever waits for a lock (by its marks) is the deadlock detector's.
 */
import { OP } from '../../../hw/isa/op.ts';
import { SYSCALL } from '../../../kernel/abi/index.ts';
import { type Access, isSpin } from '../access.ts';
import type { Actor } from '../actor.ts';
import type { Detector, RunEnd, SystemCall, Watch } from '../detector.ts';
import { atCycle, hex, located, named } from '../words.ts';
import { Announcements } from './announcements.ts';
import { WordHistory } from './word-history.ts';

/** A futexWake that has returned. */
interface Wake {
  readonly who: Actor;
  readonly cycle: number;
  readonly woken: number;
}

/** A word that would end a wait with certain values. */
interface Condition {
  readonly address: number;
  readonly ends: (value: number) => boolean;
}

export class LostWakeupDetector implements Detector {
  private readonly watch: Watch;
  private readonly ofKernel: boolean;
  private readonly words = new Map<number, Map<number, WordHistory>>();
  private readonly announcements = new Announcements();
  private readonly actors = new Set<Actor>();
  private readonly sleeps = new Map<Actor, SystemCall>();
  private readonly wakes = new Map<string, Wake>();

  /** @param ofKernel whether physical memory is the kernel's, which is left alone */
  constructor(watch: Watch, ofKernel: boolean) {
    this.watch = watch;
    this.ofKernel = ofKernel;
  }

  access(access: Access): void {
    const { who, address, bytes, atomic } = access;
    if (this.ofKernel && !who.user) return;
    this.actors.add(who);
    this.announcements.note(access);
    // Parts of words, and ranges, are not what anybody waits on.
    if (bytes === 4 || atomic) this.history(who.space, address).note(access);
  }

  called(call: SystemCall): void {
    if (call.number === SYSCALL.futexWait && call.arguments[2] === 0) this.sleeps.set(call.who, call);
    if (call.number === SYSCALL.exit) this.finishProcess(call.who, call.cycle);
  }

  returned({ who, cycle, number, arguments: [address] }: SystemCall, result: number): void {
    this.sleeps.delete(who);
    if (number === SYSCALL.futexWake)
      this.wakes.set(`${who.space}:${address}`, { who, cycle, woken: result });
  }

  ended(who: Actor): void {
    this.actors.delete(who);
    this.sleeps.delete(who);
  }

  renewed(space: number, from: number, to: number): void {
    const words = this.words.get(space);
    for (const address of words?.keys() ?? []) if (address >= from && address < to) words?.delete(address);
  }

  vanished(space: number): void {
    this.words.delete(space);
  }

  finish({ deadlock, cycle }: RunEnd): void {
    if (!deadlock) return;
    for (const call of this.sleeps.values()) {
      if (!this.isForLock(call.who) && !this.notWoken(call, cycle)) this.foundNobody(call, cycle);
    }
    const waiters = [...this.actors].filter((who) => !this.isForLock(who) && !this.sleeps.has(who));
    const overwritten = waiters.filter((who) => this.overwritten(who, cycle));
    if (overwritten.length === 0) for (const who of waiters) this.unseen(who, cycle);
  }

  /** The process ends whoever else sleeps in it; was somebody forgotten? */
  private finishProcess({ space }: Actor, cycle: number): void {
    for (const call of this.sleeps.values())
      if (call.who.space === space && !this.isForLock(call.who)) this.notWoken(call, cycle);
  }

  // DOC: overwritten-wakeup
  private overwritten(who: Actor, cycle: number): boolean {
    return this.conditions(who).some(({ address, ends }) => {
      const { writes } = this.history(who.space, address);
      const at = writes.findLastIndex(
        (write, index) =>
          index < writes.length - 1 &&
          write.who !== undefined &&
          write.who !== who &&
          write.value !== undefined &&
          ends(write.value) &&
          !write.readBy.has(who),
      );
      const [write, next] = [writes[at], writes[at + 1]];
      if (write?.who === undefined || next?.who === undefined) return false;
      const by = next.who === who ? 'overwritten by itself' : `overwritten by ${next.who.name}`;
      this.report(
        who,
        address,
        cycle,
        `${write.who.name} wrote ${write.value} at ${atCycle(write.cycle)}, which was ${by} at ${atCycle(next.cycle)} before it looked`,
      );
      return true;
    });
  }

  private unseen(who: Actor, cycle: number): void {
    const announced = this.announcements.of(who);
    const [condition] = this.conditions(who);
    if (announced === undefined || condition === undefined) return;
    const { writes } = this.history(who.space, announced);
    const [before, mine] = writes.slice(-2);
    if (before === undefined || mine?.who !== who || others(mine.readBy, who).length > 0) return;
    const [reader] = others(before.readBy, who);
    if (reader === undefined) return;
    const [other, when] = reader;
    this.report(
      who,
      condition.address,
      cycle,
      `it said so by its store to ${located(announced, this.watch.place(who.space, announced))} at ${atCycle(mine.cycle)}, but ${other.name} had looked there at ${atCycle(when)}, and nobody has since`,
    );
  }

  // DOC: futex-not-woken
  private notWoken({ who, arguments: [address, expected] }: SystemCall, cycle: number): boolean {
    const { last } = this.history(who.space, address);
    if (last.who === undefined || last.value === undefined || last.value === expected) return false;
    const wake = this.wakes.get(`${who.space}:${address}`);
    if (wake !== undefined && wake.cycle > last.cycle) return false;
    this.report(
      who,
      address,
      cycle,
      `${last.who.name} wrote ${last.value} at ${atCycle(last.cycle)}, and no futexWake came after that`,
    );
    return true;
  }

  private foundNobody(call: SystemCall, cycle: number): void {
    const {
      who,
      cycle: slept,
      arguments: [address],
    } = call;
    const wake = this.wakes.get(`${who.space}:${address}`);
    if (wake === undefined || wake.woken > 0 || wake.cycle > slept) return;
    const looked = Math.max(
      ...this.history(who.space, address).writes.map(({ readBy }) => readBy.get(who) ?? 0),
    );
    if (looked > wake.cycle) return;
    this.report(
      who,
      address,
      cycle,
      `the futexWake of ${wake.who.name} at ${atCycle(wake.cycle)} found nobody, since it slept only from ${atCycle(slept)} on`,
    );
  }

  /** What would end the spin that an actor executes. */
  private conditions(who: Actor): Condition[] {
    const { machine } = this.watch;
    const pending = machine.context(who.context)?.pendingInstruction;
    if (pending === undefined || !isSpin(pending.op)) return [];
    const { op, a, b, c, d } = pending;
    if (op === OP.spinUntil) return [{ address: a, ends: (value) => value === b }];
    const one = { address: a, ends: (value: number) => value !== b };
    return op === OP.spinUntilNot ? [one] : [one, { address: c, ends: (value) => value !== d }];
  }

  private isForLock(who: Actor): boolean {
    return this.watch.locks.waitOf(who) !== undefined;
  }

  private history(space: number, address: number): WordHistory {
    let words = this.words.get(space);
    if (words === undefined) this.words.set(space, (words = new Map<number, WordHistory>()));
    let history = words.get(address);
    if (history === undefined) {
      // A process's memory is zero at first; what lies there cannot be looked up from outside.
      const value = this.ofKernel ? 0 : this.watch.machine.peek(address);
      words.set(address, (history = new WordHistory(value)));
    }
    return history;
  }

  private report(who: Actor, address: number, cycle: number, why: string): void {
    const place = this.watch.place(who.space, address);
    const since = this.sleeps.get(who)?.cycle ?? this.announcements.since(who);
    this.watch.report({
      message: `lost wake-up: ${named(who)} waits since ${atCycle(since)} on the word at ${located(address, place)}; ${why}`,
      cycle,
      address,
      ...(place === undefined ? {} : { place }),
      involved: [{ who: who.name, hart: who.hart, cycle: since, instruction: `waits on ${hex(address)}` }],
    });
  }
}

const others = (readers: ReadonlyMap<Actor, number>, who: Actor): [Actor, number][] =>
  [...readers].filter(([reader]) => reader !== who);
