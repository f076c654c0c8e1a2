/** Ports of messages: made, bound to, called, received from, replied to, closed; and used when they are gone. */
import { ERROR } from '../../../../kernel/abi/index.ts';
import type { Agents, Request } from '../agents.ts';
import { expectAnswer, SlotCall } from '../command.ts';
import { AT_PORT, type Model, type PortState } from '../model.ts';

/** No right was ever known by this. */
const NO_HANDLE = 0x7fff_0001;
const WORD = 4;
const FIRST_PROCESS = 1;
/** What every call asks for. */
const PROCEDURE = 9;

/** The name of a slot's port. */
const nameOf = (slot: number): readonly [number, number] => [slot + 1, 7];

abstract class PortCall extends SlotCall {
  check(_model: Model): boolean {
    return true;
  }

  /** Who meets whom at a port depends on the order. */
  touches(): string[] {
    return ['ports', 'somebody blocks'];
  }

  protected port(model: Model): PortState | undefined {
    return model.ports.get(this.slot);
  }

  protected isThere(model: Model): boolean {
    return this.port(model)?.isThere === true;
  }

  /** Somebody must be left who can go on. */
  protected canBlock(model: Model): boolean {
    return model.waiting.size + 1 < model.agents;
  }

  /** An agent that waited goes on with an answer. */
  protected goesOn(model: Model, agents: Agents, agent: number, answer: number): void {
    model.waiting.delete(agent);
    if (agents.answer(agent) !== answer)
      throw new Error(`after ${String(this)}, agent ${agent} got ${agents.answer(agent)}, not ${answer}`);
  }

  protected expectMessage(agents: Agents, agent: number, word: number): void {
    if (agents.message(agent) !== word)
      throw new Error(`after ${String(this)}, agent ${agent} has ${agents.message(agent)}, not ${word}`);
  }

  /** What an agent that receives finds. */
  protected received(model: Model, answer: number | undefined, agents: Agents, timeout: number): void {
    const port = this.port(model) as PortState;
    const caller = port.callers.shift();
    if (caller !== undefined) {
      expectAnswer(this, answer, PROCEDURE);
      this.expectMessage(agents, this.agent, caller.word);
      model.serving.set(this.agent, { client: caller.agent, slot: this.slot });
    } else if (timeout > 0) expectAnswer(this, answer, ERROR.ETIMEDOUT);
    else if (answer === undefined) {
      port.servers.push(this.agent);
      model.waiting.set(this.agent, AT_PORT);
    } else throw new Error(`${String(this)} gives ${answer}, and should block`);
  }

  /** What the error of a call to receive is, if it has one before it begins. */
  protected refusal(model: Model): number | undefined {
    const port = this.port(model);
    if (port?.isThere !== true) return ERROR.EBADF;
    return model.serving.has(this.agent) ? ERROR.EBUSY : undefined;
  }
}

export class CreatePort extends PortCall {
  private readonly kind: number;

  /** @param kind of PORT_KIND, but not PPC */
  constructor(agent: number, slot: number, kind: number) {
    super(agent, slot);
    this.kind = kind;
  }

  request(): Request {
    return { call: 'portCreate', words: [...nameOf(this.slot), this.kind] };
  }

  answered(model: Model, answer: number | undefined): void {
    if (this.isThere(model)) {
      expectAnswer(this, answer, ERROR.EBUSY);
      return;
    }
    const handles = [...model.ports.values()].flatMap(({ handle, binding }) => [handle, binding]);
    if (answer === undefined || answer <= 0 || handles.includes(answer))
      throw new Error(`${String(this)} gives ${answer}, which is no new handle`);
    const port = { handle: answer, binding: undefined, isThere: true, callers: [], servers: [] };
    model.ports.set(this.slot, port);
  }

  toString(): string {
    return `port ${this.slot} = portCreate of kind ${this.kind}`;
  }
}

export class BindPort extends PortCall {
  request(): Request {
    return { call: 'portBind', words: nameOf(this.slot) };
  }

  answered(model: Model, answer: number | undefined): void {
    const port = this.port(model);
    if (port?.isThere !== true) expectAnswer(this, answer, ERROR.ESRCH);
    else if (answer === undefined || answer <= 0 || answer === port.handle || answer === port.binding)
      throw new Error(`${String(this)} gives ${answer}, which is no new binding`);
    else port.binding = answer;
  }

  toString(): string {
    return `binding = portBind to port ${this.slot}`;
  }
}

export class ClosePort extends PortCall {
  request(model: Model): Request {
    return { call: 'portClose', words: [this.port(model)?.handle ?? NO_HANDLE] };
  }

  answered(model: Model, answer: number | undefined, agents: Agents): void {
    const port = this.port(model);
    expectAnswer(this, answer, port?.isThere === true ? 0 : ERROR.EBADF);
    if (port?.isThere !== true) return;
    port.isThere = false;
    const served = [...model.serving].filter(([, { slot }]) => slot === this.slot);
    for (const [server] of served) model.serving.delete(server);
    const waited = [
      ...port.servers.splice(0),
      ...port.callers.splice(0).map(({ agent }) => agent),
      ...served.map(([, { client }]) => client),
    ];
    for (const agent of waited) this.goesOn(model, agents, agent, ERROR.ECALLFAILED);
  }

  toString(): string {
    return `portClose of port ${this.slot}`;
  }
}

export class CallPort extends PortCall {
  private readonly word: number;
  private readonly timeout: number;

  constructor(agent: number, slot: number, word: number, timeout: number) {
    super(agent, slot);
    this.word = word;
    this.timeout = timeout;
  }

  override check(model: Model): boolean {
    return this.timeout > 0 || this.canBlock(model);
  }

  request(model: Model, agents: Agents): Request {
    const address = agents.text(this.agent, new Uint8Array(new Int32Array([this.word]).buffer));
    const binding = this.port(model)?.binding ?? NO_HANDLE;
    const sizes = (WORD << 16) | WORD;
    const reply = agents.messageAddress(this.agent);
    return { call: 'portCall', words: [binding, PROCEDURE, address, sizes, reply, this.timeout] };
  }

  answered(model: Model, answer: number | undefined, agents: Agents): void {
    const port = this.port(model);
    if (port?.binding === undefined) {
      expectAnswer(this, answer, ERROR.EBADF);
      return;
    }
    if (!port.isThere) {
      expectAnswer(this, answer, ERROR.ECALLFAILED);
      return;
    }
    const server = port.servers.shift();
    if (server !== undefined) {
      this.goesOn(model, agents, server, PROCEDURE);
      this.expectMessage(agents, server, this.word);
    }
    if (this.timeout > 0) expectAnswer(this, answer, ERROR.ETIMEDOUT);
    else if (answer === undefined) {
      model.waiting.set(this.agent, AT_PORT);
      if (server === undefined) port.callers.push({ agent: this.agent, word: this.word });
      else model.serving.set(server, { client: this.agent, slot: this.slot });
    } else throw new Error(`${String(this)} gives ${answer}, and should block`);
  }

  toString(): string {
    return `portCall of port ${this.slot} with ${this.word}, ${this.timeout === 0 ? 'for ever' : 'for a time'}`;
  }
}

export class ReceiveFromPort extends PortCall {
  private readonly timeout: number;

  constructor(agent: number, slot: number, timeout: number) {
    super(agent, slot);
    this.timeout = timeout;
  }

  override check(model: Model): boolean {
    return this.timeout > 0 || this.canBlock(model);
  }

  request(model: Model, agents: Agents): Request {
    const handle = this.port(model)?.handle ?? NO_HANDLE;
    return { call: 'portReceive', words: [handle, agents.messageAddress(this.agent), WORD, this.timeout] };
  }

  answered(model: Model, answer: number | undefined, agents: Agents): void {
    const refusal = this.refusal(model);
    if (refusal !== undefined) expectAnswer(this, answer, refusal);
    else this.received(model, answer, agents, this.timeout);
  }

  toString(): string {
    return `portReceive from port ${this.slot}, ${this.timeout === 0 ? 'for ever' : 'for a time'}`;
  }
}

/** portReply, or portReplyReceive with the port of a slot. */
export class ReplyToCall extends PortCall {
  private readonly word: number;
  private readonly receives: boolean;

  constructor(agent: number, slot: number, word: number, receives: boolean) {
    super(agent, slot);
    this.word = word;
    this.receives = receives;
  }

  override check(model: Model): boolean {
    return !this.receives || this.canBlock(model);
  }

  request(model: Model, agents: Agents): Request {
    const address = agents.text(this.agent, new Uint8Array(new Int32Array([this.word]).buffer));
    if (!this.receives) return { call: 'portReply', words: [address, WORD, this.word] };
    const handle = this.port(model)?.handle ?? NO_HANDLE;
    const room = [agents.messageAddress(this.agent), WORD];
    return { call: 'portReplyReceive', words: [handle, address, WORD, this.word, ...room] };
  }

  answered(model: Model, answer: number | undefined, agents: Agents): void {
    const served = model.serving.get(this.agent);
    model.serving.delete(this.agent);
    if (served !== undefined) {
      this.goesOn(model, agents, served.client, this.word);
      this.expectMessage(agents, served.client, this.word);
    }
    if (!this.receives) expectAnswer(this, answer, served === undefined ? ERROR.ESRCH : 0);
    else if (!this.isThere(model)) expectAnswer(this, answer, ERROR.EBADF);
    else this.received(model, answer, agents, 0);
  }

  toString(): string {
    return `${this.receives ? `portReplyReceive from port ${this.slot}` : 'portReply'} with ${this.word}`;
  }
}

/** caller: all agents are threads of one process. */
export class AskCaller extends PortCall {
  request(): Request {
    return { call: 'caller', words: [] };
  }

  answered(model: Model, answer: number | undefined): void {
    expectAnswer(this, answer, model.serving.has(this.agent) ? FIRST_PROCESS : ERROR.ESRCH);
  }

  toString(): string {
    return 'caller';
  }
}
