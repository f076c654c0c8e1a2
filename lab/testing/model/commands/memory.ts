/** Memory: mmap and munmap of anonymous and disk regions, loads and stores. */
import { ADVICE, ERROR, LIMIT, MAP } from '../../../../kernel/abi/index.ts';
import type { Agents, Request } from '../agents.ts';
import { expectAnswer, SlotCall, SystemCall } from '../command.ts';
import { BLOCKS_PER_PAGE, type Model, type Region } from '../model.ts';

/** Addresses that are asked for with MAP.FIXED begin here. */
const FIXED = LIMIT.USER_BASE + 64 * LIMIT.PAGE;
/** Where nothing is ever mapped. */
export const NOWHERE = LIMIT.USER_BASE + 1024 * LIMIT.PAGE;

export interface Mapping {
  readonly slot: number;
  readonly pages: number;
  readonly writable: boolean;
  /** The page of the disk that the extent begins with; none for anonymous memory. */
  readonly diskPage: number | undefined;
  /** The page, counted from FIXED, that the region must begin with; none lets the kernel choose. */
  readonly fixed: number | undefined;
}

export class MapPages extends SystemCall {
  private readonly mapping: Mapping;

  constructor(agent: number, mapping: Mapping) {
    super(agent);
    this.mapping = mapping;
  }

  check(model: Model): boolean {
    const { slot, pages } = this.mapping;
    const { block } = this;
    if (model.regions.has(slot)) return false;
    return (
      block === undefined ||
      (block + pages * BLOCKS_PER_PAGE <= model.blocks && !model.isBacking(block, pages))
    );
  }

  touches(): string[] {
    // Two that want the same addresses, or blocks, would depend on who comes first.
    return [
      `slot ${this.mapping.slot}`,
      ...(this.mapping.fixed === undefined ? [] : ['fixed']),
      ...(this.block === undefined ? [] : ['disk']),
    ];
  }

  request(): Request {
    const { pages, writable, fixed } = this.mapping;
    const flags =
      MAP.READ |
      (writable ? MAP.WRITE : 0) |
      (this.block === undefined ? 0 : MAP.DISK) |
      (fixed === undefined ? 0 : MAP.FIXED);
    return { call: 'mmap', words: [this.wanted ?? 0, pages * LIMIT.PAGE, flags, this.block ?? 0] };
  }

  answered(model: Model, answer: number | undefined): void {
    const { slot, pages, writable } = this.mapping;
    const { block, wanted } = this;
    if (wanted !== undefined && !model.isUnmapped(wanted, pages)) {
      expectAnswer(this, answer, ERROR.EINVAL);
      return;
    }
    if (wanted !== undefined) expectAnswer(this, answer, wanted);
    if (answer === undefined || answer < LIMIT.USER_BASE || answer % LIMIT.PAGE !== 0)
      throw new Error(`${String(this)} gives ${answer}, which is no address`);
    if (!model.isUnmapped(answer, pages))
      throw new Error(`${String(this)} gives ${answer}, where something is`);
    model.regions.set(slot, { address: answer, pages, writable, block, words: new Map() });
  }

  toString(): string {
    const { slot, pages, writable, diskPage, fixed } = this.mapping;
    const what = diskPage === undefined ? 'anonymous' : `page ${diskPage} of the disk`;
    const where = fixed === undefined ? '' : ` at ${this.wanted}`;
    return `slot ${slot} = mmap ${pages} pages, ${what}, ${writable ? 'read-write' : 'read-only'}${where}`;
  }

  private get block(): number | undefined {
    const { diskPage } = this.mapping;
    return diskPage === undefined ? undefined : diskPage * BLOCKS_PER_PAGE;
  }

  private get wanted(): number | undefined {
    const { fixed } = this.mapping;
    return fixed === undefined ? undefined : FIXED + fixed * LIMIT.PAGE;
  }
}

/** A call that is about a region in a slot. */
abstract class InSlot extends SlotCall {
  touches(_model: Model): string[] {
    return [`slot ${this.slot}`];
  }

  protected region(model: Model): Region {
    return model.regions.get(this.slot) as Region;
  }
}

/** What of a region is unmapped: all of it, its first page, its last one, or all and a page that is not its own. */
export type Cut = 'all' | 'first' | 'last' | 'beyond';

export class Unmap extends InSlot {
  private readonly cut: Cut;

  constructor(agent: number, slot: number, cut: Cut) {
    super(agent, slot);
    this.cut = cut;
  }

  check(model: Model): boolean {
    const region = model.regions.get(this.slot);
    if (region === undefined) return true;
    const end = region.address + region.pages * LIMIT.PAGE;
    const ends = (address: number): boolean => address >= region.address && address < end;
    return (this.cut !== 'beyond' || model.isUnmapped(end, 1)) && ![...model.waiting.values()].some(ends);
  }

  request(model: Model): Request {
    const { address, pages } = model.regions.get(this.slot) ?? { address: NOWHERE, pages: 1 };
    const [first, count] = {
      all: [0, pages],
      first: [0, 1],
      last: [pages - 1, 1],
      beyond: [0, pages + 1],
    }[this.cut] as [number, number];
    return { call: 'munmap', words: [address + first * LIMIT.PAGE, count * LIMIT.PAGE] };
  }

  answered(model: Model, answer: number | undefined): void {
    const region = model.regions.get(this.slot);
    expectAnswer(this, answer, region === undefined ? ERROR.EINVAL : 0);
    if (region === undefined) return;
    if (this.cut === 'first') model.cut(this.slot, 0);
    else if (this.cut === 'last') model.cut(this.slot, region.pages - 1);
    else model.unmap(this.slot);
  }

  toString(): string {
    const what = { all: '', first: ', its first page', last: ', its last page', beyond: ', a page too many' };
    return `munmap slot ${this.slot}${what[this.cut]}`;
  }
}

/** mprotect of a whole region. */
export class Protect extends InSlot {
  private readonly writable: boolean;

  constructor(agent: number, slot: number, writable: boolean) {
    super(agent, slot);
    this.writable = writable;
  }

  check(): boolean {
    return true;
  }

  request(model: Model): Request {
    const { address, pages } = model.regions.get(this.slot) ?? { address: NOWHERE, pages: 1 };
    const rights = MAP.READ | (this.writable ? MAP.WRITE : 0);
    return { call: 'mprotect', words: [address, pages * LIMIT.PAGE, rights] };
  }

  answered(model: Model, answer: number | undefined): void {
    const region = model.regions.get(this.slot);
    expectAnswer(this, answer, region === undefined ? ERROR.EFAULT : 0);
    if (region !== undefined) model.regions.set(this.slot, { ...region, writable: this.writable });
  }

  toString(): string {
    return `mprotect slot ${this.slot} to be ${this.writable ? 'read and written' : 'read only'}`;
  }
}

/** msync of a whole region: what was stored in an extent is on the disk, and nothing else changes. */
export class Sync extends InSlot {
  check(): boolean {
    return true;
  }

  request(model: Model): Request {
    const { address, pages } = model.regions.get(this.slot) ?? { address: NOWHERE, pages: 1 };
    return { call: 'msync', words: [address, pages * LIMIT.PAGE] };
  }

  answered(model: Model, answer: number | undefined): void {
    expectAnswer(this, answer, model.regions.has(this.slot) ? 0 : ERROR.EFAULT);
  }

  toString(): string {
    return `msync slot ${this.slot}`;
  }
}

/** madvise of a whole region. */
export class Advise extends InSlot {
  private readonly advice: number;

  /** @param advice of ADVICE */
  constructor(agent: number, slot: number, advice: number) {
    super(agent, slot);
    this.advice = advice;
  }

  check(model: Model): boolean {
    const region = model.regions.get(this.slot);
    // What a thread waits on must not change under it.
    return region === undefined || model.waiting.size === 0;
  }

  request(model: Model): Request {
    const { address, pages } = model.regions.get(this.slot) ?? { address: NOWHERE, pages: 1 };
    return { call: 'madvise', words: [address, pages * LIMIT.PAGE, this.advice] };
  }

  answered(model: Model, answer: number | undefined): void {
    const region = model.regions.get(this.slot);
    expectAnswer(this, answer, region === undefined ? ERROR.EFAULT : 0);
    if (this.advice === ADVICE.DONTNEED && region?.block === undefined) region?.words.clear();
  }

  toString(): string {
    return `madvise slot ${this.slot} ${this.advice === ADVICE.DONTNEED ? 'dontneed' : 'willneed'}`;
  }
}

/** regionReplace: what is in the region stays as it is. */
export class ReplaceRegion extends InSlot {
  private readonly harts: number;

  /** @param harts that share a representative (0: as configured); more than there are is an error */
  constructor(agent: number, slot: number, harts: number) {
    super(agent, slot);
    this.harts = harts;
  }

  check(): boolean {
    return true;
  }

  request(model: Model): Request {
    return { call: 'regionReplace', words: [model.regions.get(this.slot)?.address ?? NOWHERE, this.harts] };
  }

  answered(model: Model, answer: number | undefined): void {
    const there = model.regions.has(this.slot) ? 0 : ERROR.EFAULT;
    expectAnswer(this, answer, this.harts > model.agents ? ERROR.EINVAL : there);
  }

  toString(): string {
    return `regionReplace of slot ${this.slot} by ${this.harts}`;
  }
}

/** A word of a region, by its place from the front or, negative, from the end. */
abstract class OfWord extends InSlot {
  private readonly place: number;

  constructor(agent: number, slot: number, place: number) {
    super(agent, slot);
    this.place = place;
  }

  check(model: Model): boolean {
    return model.regions.has(this.slot);
  }

  protected index(model: Model): number {
    const words = (this.region(model).pages * LIMIT.PAGE) / 4;
    return ((this.place % words) + words) % words;
  }

  protected address(model: Model): number {
    return this.region(model).address + 4 * this.index(model);
  }

  protected get name(): string {
    return `word ${this.place} of slot ${this.slot}`;
  }
}

export class Load extends OfWord {
  request(model: Model): Request {
    return { call: 'load', words: [this.address(model)] };
  }

  answered(model: Model, answer: number | undefined): void {
    expectAnswer(this, answer, model.word(this.region(model), this.index(model)));
  }

  toString(): string {
    return `load ${this.name}`;
  }
}

export class Store extends OfWord {
  private readonly value: number;

  constructor(agent: number, slot: number, place: number, value: number) {
    super(agent, slot, place);
    this.value = value;
  }

  override check(model: Model): boolean {
    return super.check(model) && this.region(model).writable;
  }

  request(model: Model): Request {
    return { call: 'store', words: [this.address(model), this.value] };
  }

  answered(model: Model, answer: number | undefined): void {
    expectAnswer(this, answer, 0);
    this.region(model).words.set(this.index(model), this.value);
  }

  toString(): string {
    return `store ${this.value} to ${this.name}`;
  }
}

/** Blocks if the word holds what it holds; with a time-out, or another value expected, it does not. */
export class FutexWait extends OfWord {
  private readonly timeout: number;
  private readonly off: number;

  /** @param off what is expected beside the word's value */
  constructor(agent: number, slot: number, place: number, timeout: number, off: number) {
    super(agent, slot, place);
    this.timeout = timeout;
    this.off = off;
  }

  override check(model: Model): boolean {
    // Somebody must be left who can wake.
    const blocks = this.timeout === 0 && this.off === 0;
    return super.check(model) && (!blocks || model.waiting.size + 1 < model.agents);
  }

  override touches(model: Model): string[] {
    return [...super.touches(model), 'somebody blocks'];
  }

  request(model: Model): Request {
    const expected = (model.word(this.region(model), this.index(model)) + this.off) | 0;
    return { call: 'futexWait', words: [this.address(model), expected, this.timeout] };
  }

  answered(model: Model, answer: number | undefined): void {
    if (this.off !== 0) expectAnswer(this, answer, ERROR.EAGAIN);
    else if (this.timeout > 0) expectAnswer(this, answer, ERROR.ETIMEDOUT);
    else if (answer === undefined) model.waiting.set(this.agent, this.address(model));
    else throw new Error(`${String(this)} gives ${answer}, and should block`);
  }

  toString(): string {
    const what = this.off === 0 ? 'its value' : 'another value';
    return `futexWait for ${this.name} while it is ${what}, ${this.timeout === 0 ? 'for ever' : 'for a time'}`;
  }
}

export class FutexWake extends OfWord {
  private readonly most: number;

  constructor(agent: number, slot: number, place: number, most: number) {
    super(agent, slot, place);
    this.most = most;
  }

  request(model: Model): Request {
    return { call: 'futexWake', words: [this.address(model), this.most] };
  }

  answered(model: Model, answer: number | undefined, agents: Agents): void {
    const address = this.address(model);
    const waiters = [...model.waiting].filter(([, its]) => its === address).map(([agent]) => agent);
    expectAnswer(this, answer, Math.min(this.most, waiters.length));
    const woken = waiters.filter((agent) => agents.answer(agent) === 0);
    if (woken.length !== answer)
      throw new Error(`${String(this)} gives ${answer}, and ${woken.length} went on`);
    for (const agent of woken) model.waiting.delete(agent);
  }

  toString(): string {
    return `futexWake ${this.most} of ${this.name}`;
  }
}
