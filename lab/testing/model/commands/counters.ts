/** Counters: created, added to by several agents at once, read, replaced, destroyed; and used when they are gone. */
import { ERROR } from '../../../../kernel/abi/index.ts';
import type { Request } from '../agents.ts';
import { expectAnswer, SlotCall } from '../command.ts';
import type { Model } from '../model.ts';

/** No counter was ever known by this. */
const NO_HANDLE = 0x7fff_0001;

/** A call about the counter in a slot: the one that is there, or that was there last, or none at all. */
abstract class CounterCall extends SlotCall {
  check(_model: Model): boolean {
    return true;
  }

  /** The counter as a whole: every agent's part of it. */
  touches({ agents }: Model): string[] {
    return Array.from({ length: agents }, (_, agent) => this.part(agent));
  }

  protected part(agent: number): string {
    return `counter ${this.slot} of ${agent}`;
  }

  protected handle(model: Model): number {
    return model.counters.get(this.slot)?.handle ?? NO_HANDLE;
  }

  /** What a call answers that gives `value` while the counter is there. */
  protected expected(model: Model, value: number): number {
    return model.counters.get(this.slot)?.isThere === true ? value : ERROR.EBADF;
  }
}

/** A call that says what the counter is to be. */
abstract class FormCall extends CounterCall {
  protected readonly policy: number;
  protected readonly harts: number;

  /** @param harts that share a representative, at most as many as there are (0: as configured) */
  constructor(agent: number, slot: number, policy: number, harts: number) {
    super(agent, slot);
    this.policy = policy;
    this.harts = harts;
  }

  override check(model: Model): boolean {
    return this.harts <= model.agents;
  }
}

export class CreateCounter extends FormCall {
  override check(model: Model): boolean {
    return super.check(model) && model.counters.get(this.slot)?.isThere !== true;
  }

  request(): Request {
    return { call: 'counterCreate', words: [this.policy, this.harts] };
  }

  answered(model: Model, answer: number | undefined): void {
    const isUsed = [...model.counters.values()].some(({ handle }) => handle === answer);
    if (answer === undefined || answer <= 0 || isUsed)
      throw new Error(`${String(this)} gives ${answer}, which is no new handle`);
    model.counters.set(this.slot, { handle: answer, value: 0, isThere: true });
  }

  toString(): string {
    return `counter ${this.slot} = counterCreate ${this.policy}, ${this.harts}`;
  }
}

export class AddToCounter extends CounterCall {
  private readonly amount: number;

  constructor(agent: number, slot: number, amount: number) {
    super(agent, slot);
    this.amount = amount;
  }

  /** Additions are the same in any order. */
  override touches(): string[] {
    return [this.part(this.agent)];
  }

  request(model: Model): Request {
    return { call: 'counterAdd', words: [this.handle(model), this.amount] };
  }

  answered(model: Model, answer: number | undefined): void {
    expectAnswer(this, answer, this.expected(model, 0));
    const counter = model.counters.get(this.slot);
    if (counter?.isThere === true) counter.value = (counter.value + this.amount) | 0;
  }

  toString(): string {
    return `counterAdd ${this.amount} to counter ${this.slot}`;
  }
}

export class ReadCounter extends CounterCall {
  request(model: Model): Request {
    return { call: 'counterRead', words: [this.handle(model)] };
  }

  answered(model: Model, answer: number | undefined): void {
    const value = model.counters.get(this.slot)?.value ?? 0;
    expectAnswer(this, answer, this.expected(model, value & 0x7fff_ffff));
  }

  toString(): string {
    return `counterRead of counter ${this.slot}`;
  }
}

export class ReplaceCounter extends FormCall {
  request(model: Model): Request {
    return { call: 'counterReplace', words: [this.handle(model), this.policy, this.harts] };
  }

  answered(model: Model, answer: number | undefined): void {
    expectAnswer(this, answer, this.expected(model, 0));
  }

  toString(): string {
    return `counterReplace of counter ${this.slot} by ${this.policy}, ${this.harts}`;
  }
}

export class DestroyCounter extends CounterCall {
  request(model: Model): Request {
    return { call: 'counterDestroy', words: [this.handle(model)] };
  }

  answered(model: Model, answer: number | undefined): void {
    expectAnswer(this, answer, this.expected(model, 0));
    const counter = model.counters.get(this.slot);
    if (counter !== undefined) counter.isThere = false;
  }

  toString(): string {
    return `counterDestroy of counter ${this.slot}`;
  }
}
