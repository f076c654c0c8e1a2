/** memoryPlace: where pages lie changes, what is in them does not. */
import { ERROR, PLACEMENT } from '../../../../kernel/abi/index.ts';
import type { Request } from '../agents.ts';
import { expectAnswer, SlotCall } from '../command.ts';
import type { Model } from '../model.ts';
import { NOWHERE } from './memory.ts';

export class PlaceMemory extends SlotCall {
  private readonly placement: number;

  /** @param placement of PLACEMENT, or none of them, which is an error */
  constructor(agent: number, slot: number, placement: number) {
    super(agent, slot);
    this.placement = placement;
  }

  check(): boolean {
    return true;
  }

  touches(): string[] {
    return [`slot ${this.slot}`];
  }

  request(model: Model): Request {
    const address = model.regions.get(this.slot)?.address ?? NOWHERE;
    return { call: 'memoryPlace', words: [address, this.placement, 0] };
  }

  answered(model: Model, answer: number | undefined): void {
    const isOne = (Object.values(PLACEMENT) as number[]).includes(this.placement);
    const there = model.regions.has(this.slot) ? 0 : ERROR.EFAULT;
    expectAnswer(this, answer, isOne ? there : ERROR.EINVAL);
  }

  toString(): string {
    return `memoryPlace of slot ${this.slot} by ${this.placement}`;
  }
}
