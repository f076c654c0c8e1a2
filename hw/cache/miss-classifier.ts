/**
 * Says of every first-level miss why it happened, on machines that are asked to (config `classifyMisses`). It
 * sees each access, changes nothing, and costs no emulated time.
 *
 * - *cold*: the core has never held the line; or it dropped the line itself (flush, invalidate), and nobody else
 *   has written it since.
 * - *conflict*: the core had to make room for another line, but a fully associative cache of the first level's
 *   size, least recently used, would have kept it. *capacity*: that cache would have made room as well.
 * - *true sharing*: the core lost the line to a write of another core or device (or dropped it itself), and, from
 *   this miss until it loses the line again, uses a word that another has written since the core's last miss on
 *   the line that was not false sharing. *false sharing*: it uses none of these words, so a miss for nothing.
 *
 * So a miss counts as false sharing until a later hit shows it to be true; the sum of the kinds equals l1Misses
 * at every moment. Lines that others take leave the fully associative cache as well.
 */
import { COUNTERS_PER_HART, type Counters } from '../counters.ts';
import type { HartState } from '../hart/hart-state.ts';
import type { SpinLot } from '../hart/spin-lot.ts';
import { CoreLines, FATE } from './core-lines.ts';
import { HotWords } from './hot-words.ts';
import { type LineAccount, LineLedger } from './line-ledger.ts';
import { MISS, MISS_COUNTERS } from './miss-kinds.ts';
import type { PrivateCaches } from './private-caches.ts';
import { DEVICE, WordHistory } from './word-history.ts';

/** From here on the words of a line are told apart, and every doubling of its misses is told. */
const LEAST_HOT = 4;

/** A core that has used a line. */
export interface LineUser {
  readonly core: number;
  readonly wrote: boolean;
}

export interface HotLine extends LineAccount {
  /** Byte address of the word that was missed on most. */
  readonly word: number;
  readonly users: readonly LineUser[];
}

export class MissClassifier {
  /**
   * Told when a line's misses have doubled, from 4 on, with the address of the word that was missed on most: what
   * lies there now is perhaps gone when the run ends.
   */
  onHot: ((address: number) => void) | undefined = undefined;
  private readonly harts: HartState;
  private readonly spins: SpinLot;
  private readonly counts: Float64Array;
  private readonly lineShift: number;
  private readonly lineWords: number;
  private readonly capacity: number;
  private readonly cores: (CoreLines | undefined)[];
  private readonly words: WordHistory;
  private readonly hotWords: HotWords;
  /** Whether others may write what a core holds, so that every write may be news to somebody. */
  private readonly nonCoherent: boolean;
  private readonly ledger: LineLedger;
  /** Counts misses and losses; at most 2^32 can be told apart. */
  private time = 0;

  constructor(
    harts: HartState,
    caches: PrivateCaches,
    spins: SpinLot,
    counters: Counters,
    memory: { readonly size: number; readonly nonCoherent: boolean },
  ) {
    this.harts = harts;
    this.spins = spins;
    this.counts = counters.values;
    this.lineShift = caches.lineShift;
    this.lineWords = caches.lineWords;
    this.capacity = (caches.setMask + 1) * caches.ways;
    this.cores = new Array<CoreLines | undefined>(harts.cores).fill(undefined);
    this.words = new WordHistory(memory.size >>> 2);
    this.hotWords = new HotWords(caches.lineWords);
    this.ledger = new LineLedger(memory.size, caches.lineShift);
    this.nonCoherent = memory.nonCoherent;
    spins.onPolled = (core, line) => this.use(this.linesOf(core), line);
  }

  /** A hart reads a word through its cache. */
  read(hart: number, address: number, missed: boolean): void {
    const lines = this.linesOf(this.harts.core[hart] as number);
    this.access(hart, lines, address >>> 2, 1, missed);
  }

  /** A hart writes `count` words through its cache, from an address on. */
  write(hart: number, address: number, count: number, missed: boolean): void {
    const core = this.harts.core[hart] as number;
    const lines = this.linesOf(core);
    const number = this.access(hart, lines, address >>> 2, count, missed);
    lines.wrote[number] = 1;
    if (this.nonCoherent) this.words.watch(address >>> 2);
    this.words.write(address >>> 2, count, core, this.time);
  }

  /** A hart writes a word at its memory module. */
  writeUncached(hart: number, address: number): void {
    this.words.watch(address >>> 2);
    this.words.write(address >>> 2, 1, this.harts.core[hart] as number, this.time);
  }

  /** A device writes a line of memory. */
  deviceWrites(line: number): void {
    if (this.nonCoherent) this.words.watch(line * this.lineWords);
    this.words.write(line * this.lineWords, this.lineWords, DEVICE, this.time);
  }

  /** A core has lost a line to a write of somebody else. */
  taken(core: number, line: number): void {
    this.ledger.invalidation(line);
    this.lose(core, line, FATE.taken);
  }

  /** A core has dropped a line by an instruction. */
  dropped(core: number, line: number): void {
    this.lose(core, line, FATE.dropped);
  }

  /** The lines that were missed on most. */
  hottest(count: number): HotLine[] {
    return this.ledger.hottest(count).map((account) => ({
      ...account,
      word: 4 * this.hotWords.hottest(account.line),
      users: this.usersOf(account.line),
    }));
  }

  private usersOf(line: number): LineUser[] {
    const users: LineUser[] = [];
    for (const [core, lines] of this.cores.entries()) {
      const number = lines?.book.find(line) ?? 0;
      if (lines !== undefined && number !== 0) users.push({ core, wrote: lines.wrote[number] === 1 });
    }
    return users;
  }

  /** Gives the number of the line in the core's book. */
  private access(hart: number, lines: CoreLines, word: number, count: number, missed: boolean): number {
    this.spins.notePolls(this.harts.core[hart] as number);
    const line = (word << 2) >>> this.lineShift;
    if (!missed && line === lines.latestLine) return lines.latest;
    const before = lines.book.count;
    const number = lines.enter(line);
    const inShadow = lines.shadow.use(number);
    lines.latestLine = line;
    lines.latest = number;
    if (missed) {
      const kind = this.kindOf(lines, number, number > before, inShadow, word, count, hart);
      this.count(hart, kind, 1);
      const misses = this.ledger.miss(line, kind);
      if (misses >= LEAST_HOT) {
        this.hotWords.miss(word);
        if ((misses & (misses - 1)) === 0) this.onHot?.(4 * this.hotWords.hottest(line));
      }
    } else if (lines.openSince[number] !== 0) {
      this.lookAgain(lines, number, line, word, count, this.harts.core[hart] as number);
    }
    // While a miss is open every word that is used may decide it.
    if (lines.openSince[number] !== 0) lines.latestLine = -1;
    return number;
  }

  private kindOf(
    lines: CoreLines,
    number: number,
    isNew: boolean,
    inShadow: boolean,
    word: number,
    count: number,
    hart: number,
  ): number {
    const now = ++this.time;
    const fate = lines.fate[number] as number;
    const core = this.harts.core[hart] as number;
    const since = lines.since[number] as number;
    lines.fate[number] = FATE.held;
    lines.openSince[number] = 0;
    lines.since[number] = now;
    if (isNew) return MISS.cold;
    if (fate === FATE.held) return inShadow ? MISS.conflict : MISS.capacity;
    if (this.words.changed(word, count, core, since, now)) return MISS.trueSharing;
    const first = word & -this.lineWords;
    if (fate === FATE.dropped && !this.words.changed(first, this.lineWords, core, since, now))
      return MISS.cold;
    lines.since[number] = since;
    lines.openSince[number] = now;
    lines.openHart[number] = hart;
    return MISS.falseSharing;
  }

  /** A hit on a line whose last miss was false sharing so far. */
  private lookAgain(
    lines: CoreLines,
    number: number,
    line: number,
    word: number,
    count: number,
    core: number,
  ): void {
    const missedAt = lines.openSince[number] as number;
    if (!this.words.changed(word, count, core, lines.since[number] as number, missedAt)) return;
    const hart = lines.openHart[number] as number;
    this.count(hart, MISS.falseSharing, -1);
    this.count(hart, MISS.trueSharing, 1);
    this.ledger.miss(line, MISS.falseSharing, -1);
    this.ledger.miss(line, MISS.trueSharing, 1);
    lines.since[number] = missedAt;
    lines.openSince[number] = 0;
  }

  private lose(core: number, line: number, fate: number): void {
    this.spins.notePolls(core);
    const lines = this.linesOf(core);
    const number = lines.enter(line);
    lines.fate[number] = fate;
    lines.shadow.drop(number);
    lines.latestLine = -1;
    if (this.nonCoherent) return;
    // Until now the core had what was in the line; from now on it matters who writes it.
    this.words.watch(line * this.lineWords);
    if (lines.openSince[number] === 0) lines.since[number] = ++this.time;
  }

  private use(lines: CoreLines, line: number): void {
    const number = lines.enter(line);
    lines.shadow.use(number);
    lines.latestLine = -1;
  }

  private linesOf(core: number): CoreLines {
    return (this.cores[core] ??= new CoreLines(this.capacity));
  }

  private count(hart: number, kind: number, amount: number): void {
    const at = hart * COUNTERS_PER_HART + (MISS_COUNTERS[kind] as number);
    this.counts[at] = (this.counts[at] as number) + amount;
  }
}
