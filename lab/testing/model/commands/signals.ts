/** Condition variables, semaphores and barriers: made, waited at, signalled, destroyed. */
import { ERROR, LIMIT } from '../../../../kernel/abi/index.ts';
import type { Agents, Request } from '../agents.ts';
import { expectAnswer } from '../command.ts';
import type { BarrierState, ConditionState, Model, SemaphoreState } from '../model.ts';
import { SyncCall } from './sync-call.ts';

abstract class ConditionCall extends SyncCall<ConditionState> {
  protected objects(model: Model): Map<number, ConditionState> {
    return model.conditions;
  }
}

export class CreateCondition extends ConditionCall {
  override check(model: Model): boolean {
    return model.conditions.get(this.slot)?.isThere !== true;
  }

  request(): Request {
    return { call: 'conditionCreate', words: [] };
  }

  override answered(model: Model, answer: number | undefined): void {
    model.conditions.set(this.slot, { handle: this.made(model, answer), isThere: true, waiters: [] });
  }

  protected carriedOut(): void {}

  toString(): string {
    return `condition ${this.slot} = conditionCreate`;
  }
}

/** Waits with the mutex of the same slot: for ever, or not at all. */
export class WaitCondition extends ConditionCall {
  request(model: Model): Request {
    const mutex = model.mutexes.get(this.slot)?.handle ?? 0;
    return { call: 'conditionWait', words: [this.handle(model), mutex, this.timeout] };
  }

  protected carriedOut(
    model: Model,
    condition: ConditionState,
    answer: number | undefined,
    agents: Agents,
  ): void {
    const mutex = model.mutexes.get(this.slot);
    if (mutex?.isThere !== true) expectAnswer(this, answer, ERROR.EBADF);
    else if (mutex.holder !== this.agent) expectAnswer(this, answer, ERROR.EPERM);
    else if (this.mustWait(model, answer)) {
      condition.waiters.push({ agent: this.agent, mutex });
      this.passOn(model, agents, mutex);
    }
  }

  toString(): string {
    return `conditionWait at condition ${this.slot}, ${this.timeout}`;
  }
}

/** Wakes one, or nobody: with more, the order in which they take the mutex again is open. */
export class WakeCondition extends ConditionCall {
  private readonly count: number;

  constructor(agent: number, slot: number, count: number) {
    super(agent, slot);
    this.count = count;
  }

  request(model: Model): Request {
    return { call: 'conditionWake', words: [this.handle(model), this.count] };
  }

  protected carriedOut(
    model: Model,
    { waiters }: ConditionState,
    answer: number | undefined,
    agents: Agents,
  ): void {
    const [woken] = waiters.splice(0, this.count);
    expectAnswer(this, answer, woken === undefined ? 0 : 1);
    if (woken === undefined) return;
    const { agent, mutex } = woken;
    if (!mutex.isThere) this.goesOn(model, agents, agent, ERROR.EBADF);
    else if (mutex.holder !== undefined) mutex.waiters.push(agent);
    else {
      mutex.holder = agent;
      this.goesOn(model, agents, agent, 0);
    }
  }

  toString(): string {
    return `conditionWake of condition ${this.slot}, ${this.count}`;
  }
}

export class DestroyCondition extends ConditionCall {
  request(model: Model): Request {
    return { call: 'syncDestroy', words: [this.handle(model)] };
  }

  protected carriedOut(_model: Model, condition: ConditionState, answer: number | undefined): void {
    expectAnswer(this, answer, condition.waiters.length > 0 ? ERROR.EBUSY : 0);
    condition.isThere = condition.waiters.length > 0;
  }

  toString(): string {
    return `syncDestroy of condition ${this.slot}`;
  }
}

abstract class SemaphoreCall extends SyncCall<SemaphoreState> {
  protected objects(model: Model): Map<number, SemaphoreState> {
    return model.semaphores;
  }
}

export class CreateSemaphore extends SemaphoreCall {
  private readonly value: number;

  constructor(agent: number, slot: number, value: number) {
    super(agent, slot);
    this.value = value;
  }

  override check(model: Model): boolean {
    return model.semaphores.get(this.slot)?.isThere !== true;
  }

  request(): Request {
    return { call: 'semaphoreCreate', words: [this.value] };
  }

  override answered(model: Model, answer: number | undefined): void {
    if (this.value < 0) {
      expectAnswer(this, answer, ERROR.EINVAL);
      return;
    }
    const handle = this.made(model, answer);
    model.semaphores.set(this.slot, { handle, isThere: true, value: this.value, waiters: [] });
  }

  protected carriedOut(): void {}

  toString(): string {
    return `semaphore ${this.slot} = semaphoreCreate ${this.value}`;
  }
}

export class WaitSemaphore extends SemaphoreCall {
  request(model: Model): Request {
    return { call: 'semaphoreWait', words: [this.handle(model), this.timeout] };
  }

  protected carriedOut(model: Model, semaphore: SemaphoreState, answer: number | undefined): void {
    if (semaphore.value > 0) {
      expectAnswer(this, answer, 0);
      semaphore.value--;
    } else if (this.mustWait(model, answer)) semaphore.waiters.push(this.agent);
  }

  toString(): string {
    return `semaphoreWait at semaphore ${this.slot}, ${this.timeout}`;
  }
}

export class PostSemaphore extends SemaphoreCall {
  private readonly count: number;

  constructor(agent: number, slot: number, count: number) {
    super(agent, slot);
    this.count = count;
  }

  request(model: Model): Request {
    return { call: 'semaphorePost', words: [this.handle(model), this.count] };
  }

  override answered(model: Model, answer: number | undefined, agents: Agents): void {
    if (this.count <= 0) expectAnswer(this, answer, ERROR.EINVAL);
    else super.answered(model, answer, agents);
  }

  protected carriedOut(
    model: Model,
    semaphore: SemaphoreState,
    answer: number | undefined,
    agents: Agents,
  ): void {
    const tooMany = this.count > LIMIT.SEMAPHORE - semaphore.value;
    expectAnswer(this, answer, tooMany ? ERROR.EINVAL : 0);
    if (tooMany) return;
    const woken = semaphore.waiters.splice(0, this.count);
    for (const agent of woken) this.goesOn(model, agents, agent, 0);
    semaphore.value += this.count - woken.length;
  }

  toString(): string {
    return `semaphorePost to semaphore ${this.slot}, ${this.count}`;
  }
}

abstract class BarrierCall extends SyncCall<BarrierState> {
  protected objects(model: Model): Map<number, BarrierState> {
    return model.barriers;
  }
}

export class CreateBarrier extends BarrierCall {
  private readonly members: number;
  private readonly harts: number;

  constructor(agent: number, slot: number, members: number, harts: number) {
    super(agent, slot);
    this.members = members;
    this.harts = harts;
  }

  override check(model: Model): boolean {
    return model.barriers.get(this.slot)?.isThere !== true && this.harts <= model.agents;
  }

  request(): Request {
    return { call: 'barrierCreate', words: [this.members, this.harts] };
  }

  override answered(model: Model, answer: number | undefined): void {
    const handle = this.made(model, answer);
    model.barriers.set(this.slot, { handle, isThere: true, members: this.members, arrived: new Map() });
  }

  protected carriedOut(): void {}

  toString(): string {
    return `barrier ${this.slot} = barrierCreate ${this.members}, ${this.harts}`;
  }
}

export class WaitBarrier extends BarrierCall {
  private readonly member: number;

  constructor(agent: number, slot: number, member: number, timeout: number) {
    super(agent, slot, timeout);
    this.member = member;
  }

  request(model: Model): Request {
    return { call: 'barrierWait', words: [this.handle(model), this.member, this.timeout] };
  }

  protected carriedOut(
    model: Model,
    barrier: BarrierState,
    answer: number | undefined,
    agents: Agents,
  ): void {
    const { members, arrived } = barrier;
    if (this.member < 0 || this.member >= members) expectAnswer(this, answer, ERROR.EINVAL);
    else if (arrived.has(this.member)) expectAnswer(this, answer, ERROR.EBUSY);
    else if (arrived.size + 1 < members) {
      if (this.mustWait(model, answer)) arrived.set(this.member, this.agent);
    } else {
      expectAnswer(this, answer, 0);
      for (const agent of arrived.values()) this.goesOn(model, agents, agent, 0);
      arrived.clear();
    }
  }

  toString(): string {
    return `barrierWait at barrier ${this.slot} as ${this.member}, ${this.timeout}`;
  }
}

export class DestroyBarrier extends BarrierCall {
  request(model: Model): Request {
    return { call: 'syncDestroy', words: [this.handle(model)] };
  }

  protected carriedOut(_model: Model, barrier: BarrierState, answer: number | undefined): void {
    expectAnswer(this, answer, barrier.arrived.size > 0 ? ERROR.EBUSY : 0);
    barrier.isThere = barrier.arrived.size > 0;
  }

  toString(): string {
    return `syncDestroy of barrier ${this.slot}`;
  }
}

export class DestroySemaphore extends SemaphoreCall {
  request(model: Model): Request {
    return { call: 'syncDestroy', words: [this.handle(model)] };
  }

  protected carriedOut(_model: Model, semaphore: SemaphoreState, answer: number | undefined): void {
    expectAnswer(this, answer, semaphore.waiters.length > 0 ? ERROR.EBUSY : 0);
    semaphore.isThere = semaphore.waiters.length > 0;
  }

  toString(): string {
    return `syncDestroy of semaphore ${this.slot}`;
  }
}
