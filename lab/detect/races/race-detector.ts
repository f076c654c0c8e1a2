/**
 * Data races: two accesses to a word by different threads, one of them a write, that nothing orders. By
 * happens-before, so what is reported can happen, and what did not come near in this run is not seen.
 *
 * A word is a *synchronization word* if in this run anybody executes an atomic instruction or a spin on it, makes it
 * a futex, or says so (mark `atomic`): then it has no races, every write to it is a release, every read an acquire.
 * That may be known only after plain accesses to it: a write keeps its clock, and a race on the word is
 * withdrawn. A read that races is ordered after the write that it saw, as if the word were one: so the
 * edge is there should it turn out to be, and else what follows from the race is not reported beside it.
 */
import { SYSCALL } from '../../../kernel/abi/index.ts';
import type { Access } from '../access.ts';
import type { Actor } from '../actor.ts';
import type { Detector, RunEnd, SystemCall, Watch } from '../detector.ts';
import { type Clock, joined, NOTHING, Timeline } from './clock.ts';
import { reportRaces } from './report.ts';
import { acquires, channelOf, releases } from './sync-calls.ts';
import { type Event, eventOf } from './variable.ts';
import { type Word, Words } from './words.ts';

export class RaceDetector implements Detector {
  private readonly watch: Watch;
  private readonly ofKernel: boolean;
  private readonly words = new Words();
  private readonly timelines: Timeline[] = [];
  private readonly channels = new Map<string, Clock>();
  private readonly raced: Word[] = [];
  /** Threads by process and number: one that has ended is joined later. */
  private readonly threads = new Map<string, Actor>();

  /** @param ofKernel whether physical memory is the kernel's, which is left alone */
  constructor(watch: Watch, ofKernel: boolean) {
    this.watch = watch;
    this.ofKernel = ofKernel;
  }

  access(access: Access): void {
    const { who, address, bytes, atomic } = access;
    if (this.isKernel(who)) return;
    for (let at = address & ~3; at < address + bytes; at += 4) {
      const word = this.words.at(who.space, at);
      if (atomic) this.synchronize(word);
      const from = Math.max(at, address);
      const length = Math.min(at + 4, address + bytes) - from;
      if (word.synchronizes) this.synchronizing(access, word, from, length);
      else this.plain(access, word, from, length);
    }
  }

  atomic(space: number, address: number, bytes: number): void {
    if (this.ofKernel && space === 0) return;
    for (let at = address & ~3; at < address + bytes; at += 4) this.synchronize(this.words.at(space, at));
  }

  started(who: Actor): void {
    this.threads.set(`${who.space}:${who.thread}`, who);
  }

  called({ who, number, arguments: words }: SystemCall): void {
    const [address] = words;
    for (const index of releases(number)) this.sent(who, channelOf(who, words[index]));
    if (number === SYSCALL.futexWake) this.release(who, address);
    if (number === SYSCALL.futexWait) this.synchronize(this.words.at(who.space, address));
  }

  returned({ who, number, arguments: words }: SystemCall, result: number): void {
    const [first] = words;
    for (const index of acquires(number)) this.received(who, channelOf(who, words[index]));
    if (number === SYSCALL.futexWait) {
      const word = this.words.at(who.space, first);
      for (const { released } of word.variables(0, 4)) this.timeline(who).learn(released);
    }
    if (number !== SYSCALL.threadJoin || result !== 0) return;
    const ended = this.threads.get(`${who.space}:${first}`);
    if (ended !== undefined) this.timeline(who).learn(this.timeline(ended).all);
  }

  sent(who: Actor, channel: string): void {
    const timeline = this.timeline(who);
    this.channels.set(channel, joined(this.channels.get(channel) ?? NOTHING, timeline.all));
    timeline.tick();
  }

  received(who: Actor, channel: string): void {
    this.timeline(who).learn(this.channels.get(channel) ?? NOTHING);
  }

  renewed(space: number, from: number, to: number): void {
    this.words.drop(space, from, to);
  }

  vanished(space: number): void {
    this.words.dropSpace(space);
  }

  finish(_end: RunEnd): void {
    reportRaces(
      this.raced.flatMap((word) => word.race ?? []),
      this.watch,
    );
  }

  // DOC: race-plain
  /** A read or write of a word that is no synchronization word as far as is known. */
  private plain(access: Access, word: Word, address: number, bytes: number): void {
    const timeline = this.timeline(access.who);
    const event = eventOf(access, timeline);
    for (const variable of word.variables(address & 3, bytes)) {
      const other = access.writes ? variable.overwrite(event, timeline) : variable.read(event, timeline);
      if (other === undefined) continue;
      this.note(word, access, other, event);
      if (!access.writes) timeline.learn(variable.released);
    }
    if (access.writes) timeline.tick();
  }

  private synchronizing(
    { who, reads, writes, atomic }: Access,
    word: Word,
    address: number,
    bytes: number,
  ): void {
    const timeline = this.timeline(who);
    const variables = word.variables(address & 3, bytes);
    if (reads) for (const { released } of variables) timeline.learn(released);
    if (!writes) return;
    for (const variable of variables) variable.release(timeline.all, atomic);
    timeline.tick();
  }

  /** The word is a synchronization word from the beginning. */
  private synchronize(word: Word): void {
    word.synchronizes = true;
    word.race = undefined;
  }

  private release(who: Actor, address: number): void {
    const word = this.words.at(who.space, address);
    this.synchronize(word);
    const timeline = this.timeline(who);
    for (const variable of word.variables(0, 4)) variable.release(timeline.all, true);
    timeline.tick();
  }

  private note(word: Word, { who, address }: Access, first: Event, second: Event): void {
    if (word.race !== undefined) return;
    word.race = { space: who.space, address: address & ~3, first, second };
    this.raced.push(word);
  }

  private timeline(who: Actor): Timeline {
    return (this.timelines[who.index] ??= new Timeline(who));
  }

  private isKernel({ user }: Actor): boolean {
    return this.ofKernel && !user;
  }
}
