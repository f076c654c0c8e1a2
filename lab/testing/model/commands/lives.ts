/** Threads and processes: spawn, join, wait, kill. */
import { environmentCall, type Code } from '../../../../hw/isa/index.ts';
import { ERROR, EXIT, SYSCALL } from '../../../../kernel/abi/index.ts';
import type { Agents, Request } from '../agents.ts';
import { expectAnswer, SlotCall } from '../command.ts';
import type { Model } from '../model.ts';

const NOBODY = 999;

function* returns(value: number): Code<number> {
  return value;
}

function* waitsForEver(_argument: number, block: number): Code<number> {
  for (;;) yield environmentCall(SYSCALL.futexWait, block, yield environmentCall(SYSCALL.currentThread), 0);
}

abstract class ThreadCall extends SlotCall {
  touches(): string[] {
    return [`thread ${this.slot}`];
  }
}

abstract class ChildCall extends SlotCall {
  touches(): string[] {
    return [`child ${this.slot}`];
  }
}

export class SpawnThread extends ThreadCall {
  private readonly value: number;
  private readonly hart: number;

  /** @param hart where, modulo the number of harts; -1: anywhere */
  constructor(agent: number, slot: number, value: number, hart: number) {
    super(agent, slot);
    this.value = value;
    this.hart = hart;
  }

  check(model: Model): boolean {
    return !model.threads.has(this.slot);
  }

  request(model: Model, agents: Agents): Request {
    const hart = this.hart < 0 ? -1 : this.hart % model.agents;
    return { call: 'threadSpawn', words: [agents.code(returns), this.value, hart] };
  }

  answered(model: Model, answer: number | undefined): void {
    if (answer === undefined || answer <= 0 || model.threadNumbers.has(answer))
      throw new Error(`${String(this)} gives ${answer}, which is no new thread`);
    model.threadNumbers.add(answer);
    model.threads.set(this.slot, { number: answer, value: this.value });
  }

  toString(): string {
    return `thread ${this.slot} = threadSpawn, which returns ${this.value}`;
  }
}

export class JoinThread extends ThreadCall {
  check(): boolean {
    return true;
  }

  request(model: Model, agents: Agents): Request {
    return {
      call: 'threadJoin',
      words: [model.threads.get(this.slot)?.number ?? NOBODY, agents.outAddress(this.agent)],
    };
  }

  answered(model: Model, answer: number | undefined, agents: Agents): void {
    const thread = model.threads.get(this.slot);
    expectAnswer(this, answer, thread === undefined ? ERROR.ESRCH : 0);
    const value = agents.out(this.agent);
    if (thread !== undefined && value !== thread.value)
      throw new Error(`${String(this)} stores ${value}, not ${thread.value}`);
    model.threads.delete(this.slot);
  }

  toString(): string {
    return `threadJoin thread ${this.slot}`;
  }
}

export class Spawn extends ChildCall {
  private readonly status: number | undefined;

  /** @param status what it exits with; undefined: it waits for ever */
  constructor(agent: number, slot: number, status: number | undefined) {
    super(agent, slot);
    this.status = status;
  }

  check(model: Model): boolean {
    return !model.children.has(this.slot);
  }

  request(_model: Model, agents: Agents): Request {
    const entry = this.status === undefined ? waitsForEver : returns;
    return { call: 'spawn', words: [agents.code(entry), this.status ?? 0, -1] };
  }

  answered(model: Model, answer: number | undefined): void {
    if (answer === undefined || answer <= 0 || model.processNumbers.has(answer))
      throw new Error(`${String(this)} gives ${answer}, which is no new process`);
    model.processNumbers.add(answer);
    model.children.set(this.slot, { number: answer, status: this.status });
  }

  toString(): string {
    const what = this.status === undefined ? 'waits for ever' : `exits with ${this.status}`;
    return `child ${this.slot} = spawn, which ${what}`;
  }
}

export class Wait extends ChildCall {
  check(model: Model): boolean {
    const child = model.children.get(this.slot);
    return child === undefined || child.status !== undefined;
  }

  request(model: Model, agents: Agents): Request {
    return {
      call: 'wait',
      words: [model.children.get(this.slot)?.number ?? NOBODY, agents.outAddress(this.agent)],
    };
  }

  answered(model: Model, answer: number | undefined, agents: Agents): void {
    const child = model.children.get(this.slot);
    expectAnswer(this, answer, child?.number ?? ERROR.ESRCH);
    const status = agents.out(this.agent);
    if (child !== undefined && status !== child.status)
      throw new Error(`${String(this)} stores ${status}, not ${child.status}`);
    model.children.delete(this.slot);
  }

  toString(): string {
    return `wait child ${this.slot}`;
  }
}

export class Kill extends ChildCall {
  check(): boolean {
    return true;
  }

  request(model: Model): Request {
    return { call: 'kill', words: [model.children.get(this.slot)?.number ?? NOBODY] };
  }

  answered(model: Model, answer: number | undefined): void {
    const child = model.children.get(this.slot);
    expectAnswer(this, answer, child === undefined ? ERROR.ESRCH : 0);
    if (child !== undefined) child.status ??= EXIT.KILLED;
  }

  toString(): string {
    return `kill child ${this.slot}`;
  }
}

/** A child that waits, or has ended, is moved to another node, or to one that there is not. */
export class Migrate extends ChildCall {
  private readonly node: number;

  constructor(agent: number, slot: number, node: number) {
    super(agent, slot);
    this.node = node;
  }

  check(): boolean {
    return true;
  }

  request(model: Model): Request {
    return { call: 'migrate', words: [model.children.get(this.slot)?.number ?? NOBODY, this.node] };
  }

  answered(model: Model, answer: number | undefined, agents: Agents): void {
    const child = model.children.get(this.slot);
    const lives = child !== undefined && child.status === undefined;
    const exists = this.node >= 0 && this.node < agents.machine.config.nodes;
    expectAnswer(this, answer, !exists ? ERROR.EINVAL : lives ? 0 : ERROR.ESRCH);
  }

  toString(): string {
    return `migrate child ${this.slot} to node ${this.node}`;
  }
}
