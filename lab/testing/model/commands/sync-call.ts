/** What calls about synchronization objects have in common: a slot for each kind, and agents that block and go on. */
import { ERROR } from '../../../../kernel/abi/index.ts';
import type { Agents } from '../agents.ts';
import { expectAnswer, SlotCall } from '../command.ts';
import { AT_OBJECT, type Model, type SyncState } from '../model.ts';

/** No object was ever known by this. */
const NO_HANDLE = 0x7fff_0001;

export abstract class SyncCall<State extends SyncState> extends SlotCall {
  /** In cycles; 0: for ever; below 0: without waiting. */
  protected readonly timeout: number;

  constructor(agent: number, slot: number, timeout = -1) {
    super(agent, slot);
    this.timeout = timeout;
  }

  /** The objects of the kind, by slot. */
  protected abstract objects(model: Model): Map<number, State>;
  /** The answer of a call for an object that is there. */
  protected abstract carriedOut(
    model: Model,
    object: State,
    answer: number | undefined,
    agents: Agents,
  ): void;

  /** Somebody must be left who can go on. */
  check(model: Model): boolean {
    return this.timeout !== 0 || model.waiting.size + 1 < model.agents;
  }

  /** Who gets what depends on the order. */
  touches(): string[] {
    return ['synchronization', 'somebody blocks'];
  }

  answered(model: Model, answer: number | undefined, agents: Agents): void {
    const object = this.objects(model).get(this.slot);
    if (object?.isThere === true) this.carriedOut(model, object, answer, agents);
    else expectAnswer(this, answer, ERROR.EBADF);
  }

  protected handle(model: Model): number {
    return this.objects(model).get(this.slot)?.handle ?? NO_HANDLE;
  }

  /** A new object. @throws Error when what was given cannot be its handle */
  protected made(model: Model, answer: number | undefined): number {
    const isUsed = [
      ...model.mutexes,
      ...model.rwlocks,
      ...model.conditions,
      ...model.semaphores,
      ...model.barriers,
    ]
      .map(([, { handle }]) => handle)
      .includes(answer ?? 0);
    if (answer === undefined || answer <= 0 || isUsed)
      throw new Error(`${String(this)} gives ${answer}, which is no new handle`);
    return answer;
  }

  /** The call has to wait; gives whether it does. */
  protected mustWait(model: Model, answer: number | undefined): boolean {
    expectWait(this, answer, this.timeout);
    if (this.timeout === 0) model.waiting.set(this.agent, AT_OBJECT);
    return this.timeout === 0;
  }

  /** An agent that waited goes on. */
  protected goesOn(model: Model, agents: Agents, agent: number, answer: number): void {
    model.waiting.delete(agent);
    if (agents.answer(agent) !== answer)
      throw new Error(`after ${String(this)}, agent ${agent} got ${agents.answer(agent)}, not ${answer}`);
  }

  /** What a mutex's holder leaves goes to who has waited longest. */
  protected passOn(
    model: Model,
    agents: Agents,
    mutex: { holder: number | undefined; waiters: number[] },
  ): void {
    const next = mutex.waiters.shift();
    mutex.holder = next;
    if (next !== undefined) this.goesOn(model, agents, next, 0);
  }
}

function expectWait(call: SlotCall, answer: number | undefined, timeout: number): void {
  if (timeout !== 0) expectAnswer(call, answer, ERROR.ETIMEDOUT);
  else if (answer !== undefined) throw new Error(`${String(call)} gives ${answer}, and should block`);
}
