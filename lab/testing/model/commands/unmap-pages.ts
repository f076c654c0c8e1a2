/** pageUnmap: what is in the region stays as it is, whether its pages are in the page table or not. */
import { ERROR, LIMIT } from '../../../../kernel/abi/index.ts';
import type { Request } from '../agents.ts';
import { expectAnswer, SlotCall } from '../command.ts';
import type { Model } from '../model.ts';
import { NOWHERE } from './memory.ts';

export class UnmapPages extends SlotCall {
  private readonly first: number;
  private readonly pages: number;

  /** @param first the page of the region to begin with @param pages how many; if the region has fewer, that is an error */
  constructor(agent: number, slot: number, first: number, pages: number) {
    super(agent, slot);
    this.first = first;
    this.pages = pages;
  }

  /** Another region may lie behind this one, in which the first page then is. */
  check(model: Model): boolean {
    const region = model.regions.get(this.slot);
    return region === undefined || this.first < region.pages;
  }

  touches(): string[] {
    return [`slot ${this.slot}`];
  }

  request(model: Model): Request {
    const base = model.regions.get(this.slot)?.address ?? NOWHERE;
    return { call: 'pageUnmap', words: [base + this.first * LIMIT.PAGE, this.pages * LIMIT.PAGE] };
  }

  answered(model: Model, answer: number | undefined): void {
    const region = model.regions.get(this.slot);
    const fits = region !== undefined && this.first + this.pages <= region.pages;
    expectAnswer(this, answer, this.pages <= 0 ? ERROR.EINVAL : fits ? 0 : ERROR.EFAULT);
  }

  toString(): string {
    return `pageUnmap of ${this.pages} pages of slot ${this.slot}, from page ${this.first} on`;
  }
}
