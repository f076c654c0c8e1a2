/** Mutexes and reader-writer locks: made, taken, given up, destroyed; and used by those that may not. */
import { ERROR, LIMIT } from '../../../../kernel/abi/index.ts';
import type { Agents, Request } from '../agents.ts';
import { expectAnswer } from '../command.ts';
import type { Model, MutexState, RwlockState } from '../model.ts';
import { SyncCall } from './sync-call.ts';

abstract class MutexCall extends SyncCall<MutexState> {
  protected objects(model: Model): Map<number, MutexState> {
    return model.mutexes;
  }
}

export class CreateMutex extends MutexCall {
  override check(model: Model): boolean {
    return model.mutexes.get(this.slot)?.isThere !== true;
  }

  request(): Request {
    return { call: 'mutexCreate', words: [] };
  }

  override answered(model: Model, answer: number | undefined): void {
    const handle = this.made(model, answer);
    model.mutexes.set(this.slot, { handle, isThere: true, holder: undefined, waiters: [] });
  }

  protected carriedOut(): void {}

  toString(): string {
    return `mutex ${this.slot} = mutexCreate`;
  }
}

export class LockMutex extends MutexCall {
  request(model: Model): Request {
    return { call: 'mutexLock', words: [this.handle(model), this.timeout] };
  }

  protected carriedOut(model: Model, mutex: MutexState, answer: number | undefined): void {
    if (mutex.holder === this.agent) expectAnswer(this, answer, ERROR.EDEADLK);
    else if (mutex.holder === undefined) {
      expectAnswer(this, answer, 0);
      mutex.holder = this.agent;
    } else if (this.mustWait(model, answer)) mutex.waiters.push(this.agent);
  }

  toString(): string {
    return `mutexLock of mutex ${this.slot}, ${this.timeout}`;
  }
}

export class UnlockMutex extends MutexCall {
  request(model: Model): Request {
    return { call: 'mutexUnlock', words: [this.handle(model)] };
  }

  protected carriedOut(model: Model, mutex: MutexState, answer: number | undefined, agents: Agents): void {
    const isMine = mutex.holder === this.agent;
    expectAnswer(this, answer, isMine ? 0 : ERROR.EPERM);
    if (isMine) this.passOn(model, agents, mutex);
  }

  toString(): string {
    return `mutexUnlock of mutex ${this.slot}`;
  }
}

/** lockConsistent: nobody ends here, so that everything always was. */
export class MarkConsistent extends MutexCall {
  request(model: Model): Request {
    return { call: 'lockConsistent', words: [this.handle(model)] };
  }

  protected carriedOut(_model: Model, { holder }: MutexState, answer: number | undefined): void {
    expectAnswer(this, answer, holder === this.agent ? ERROR.EINVAL : ERROR.EPERM);
  }

  toString(): string {
    return `lockConsistent of mutex ${this.slot}`;
  }
}

export class DestroyMutex extends MutexCall {
  request(model: Model): Request {
    return { call: 'syncDestroy', words: [this.handle(model)] };
  }

  protected carriedOut(_model: Model, mutex: MutexState, answer: number | undefined): void {
    expectAnswer(this, answer, mutex.holder === undefined ? 0 : ERROR.EBUSY);
    mutex.isThere = mutex.holder !== undefined;
  }

  toString(): string {
    return `syncDestroy of mutex ${this.slot}`;
  }
}

abstract class RwlockCall extends SyncCall<RwlockState> {
  protected objects(model: Model): Map<number, RwlockState> {
    return model.rwlocks;
  }

  /** Lets in whoever can be let in, in the order of asking. */
  protected admit(model: Model, agents: Agents, lock: RwlockState): void {
    for (let next = lock.queue[0]; next !== undefined && lock.writer === undefined; next = lock.queue[0]) {
      if (next.writes && lock.readers.length > 0) return;
      lock.queue.shift();
      if (next.writes) lock.writer = next.agent;
      else lock.readers.push(next.agent);
      this.goesOn(model, agents, next.agent, 0);
    }
  }
}

export class CreateRwlock extends RwlockCall {
  private readonly harts: number;

  constructor(agent: number, slot: number, harts: number) {
    super(agent, slot);
    this.harts = harts;
  }

  override check(model: Model): boolean {
    return model.rwlocks.get(this.slot)?.isThere !== true && this.harts <= model.agents;
  }

  request(): Request {
    return { call: 'rwlockCreate', words: [this.harts] };
  }

  override answered(model: Model, answer: number | undefined): void {
    const handle = this.made(model, answer);
    model.rwlocks.set(this.slot, { handle, isThere: true, writer: undefined, readers: [], queue: [] });
  }

  protected carriedOut(): void {}

  toString(): string {
    return `rwlock ${this.slot} = rwlockCreate ${this.harts}`;
  }
}

export class TakeRwlock extends RwlockCall {
  private readonly writes: boolean;

  constructor(agent: number, slot: number, timeout: number, writes: boolean) {
    super(agent, slot, timeout);
    this.writes = writes;
  }

  request(model: Model): Request {
    const call = this.writes ? 'rwlockWrite' : 'rwlockRead';
    return { call, words: [this.handle(model), this.timeout] };
  }

  override answered(model: Model, answer: number | undefined, agents: Agents): void {
    const held = [...model.rwlocks.values()].flatMap(({ readers }) => readers);
    const isFull = held.filter((agent) => agent === this.agent).length === LIMIT.READ_LOCKS;
    const isThere = model.rwlocks.get(this.slot)?.isThere === true;
    if (isThere && !this.writes && isFull) expectAnswer(this, answer, ERROR.EAGAIN);
    else super.answered(model, answer, agents);
  }

  protected carriedOut(model: Model, lock: RwlockState, answer: number | undefined): void {
    const { agent, writes } = this;
    if (lock.writer === agent || (writes && lock.readers.includes(agent))) {
      expectAnswer(this, answer, ERROR.EDEADLK);
      return;
    }
    const isFree = lock.writer === undefined && lock.queue.length === 0;
    if (isFree && (!writes || lock.readers.length === 0)) {
      expectAnswer(this, answer, 0);
      if (writes) lock.writer = agent;
      else lock.readers.push(agent);
    } else if (this.mustWait(model, answer)) lock.queue.push({ agent, writes });
  }

  toString(): string {
    return `${this.writes ? 'rwlockWrite' : 'rwlockRead'} of rwlock ${this.slot}, ${this.timeout}`;
  }
}

export class LeaveRwlock extends RwlockCall {
  request(model: Model): Request {
    return { call: 'rwlockUnlock', words: [this.handle(model)] };
  }

  protected carriedOut(model: Model, lock: RwlockState, answer: number | undefined, agents: Agents): void {
    const reads = lock.readers.indexOf(this.agent);
    const isMine = lock.writer === this.agent || reads >= 0;
    expectAnswer(this, answer, isMine ? 0 : ERROR.EPERM);
    if (lock.writer === this.agent) lock.writer = undefined;
    else if (reads >= 0) lock.readers.splice(reads, 1);
    this.admit(model, agents, lock);
  }

  toString(): string {
    return `rwlockUnlock of rwlock ${this.slot}`;
  }
}

export class DestroyRwlock extends RwlockCall {
  request(model: Model): Request {
    return { call: 'syncDestroy', words: [this.handle(model)] };
  }

  protected carriedOut(_model: Model, lock: RwlockState, answer: number | undefined): void {
    const isUsed = lock.writer !== undefined || lock.readers.length > 0 || lock.queue.length > 0;
    expectAnswer(this, answer, isUsed ? ERROR.EBUSY : 0);
    lock.isThere = isUsed;
  }

  toString(): string {
    return `syncDestroy of rwlock ${this.slot}`;
  }
}
