/**
 * A system call as a command of a model (fast-check's `fc.commands`): whether it makes sense, what to ask an agent,
 * and what the answer must be. Commands that have nothing to do with each other can also be given to several
 * agents at once: whatever the order in which the kernel carries them out, the answers are the same.
 */
import type fc from 'fast-check';
import type { Agents, Request } from './agents.ts';
import type { Model } from './model.ts';

export abstract class SystemCall {
  /** The agent that is asked. */
  readonly agent: number;

  constructor(agent: number) {
    this.agent = agent;
  }

  /** Whether the call can be tried now. */
  abstract check(model: Model): boolean;
  /** What it depends on or changes, by name. */
  abstract touches(model: Model): readonly string[];
  abstract request(model: Model, agents: Agents): Request;
  /** Looks at the answer (undefined: it blocks) and takes it into the model. @throws Error when it is wrong */
  abstract answered(model: Model, answer: number | undefined, agents: Agents): void;
  abstract toString(): string;
}

/** A call about what is in a slot: a region, a thread, a child, a counter. */
export abstract class SlotCall extends SystemCall {
  protected readonly slot: number;

  constructor(agent: number, slot: number) {
    super(agent);
    this.slot = slot;
  }
}

/** Calls that are made at the same time, by different agents. */
export class Together implements fc.Command<Model, Agents> {
  private readonly calls: readonly SystemCall[];

  constructor(calls: readonly SystemCall[]) {
    this.calls = calls;
  }

  check(model: Model): boolean {
    const touched = this.calls.flatMap((call) => [`agent ${call.agent}`, ...call.touches(model)]);
    return (
      this.calls.length > 0 &&
      new Set(touched).size === touched.length &&
      this.calls.every((call) => call.agent < model.agents && model.isFree(call.agent) && call.check(model))
    );
  }

  run(model: Model, agents: Agents): void {
    const before = new Map(model.waiting);
    for (const call of this.calls) agents.ask(call.agent, call.request(model, agents));
    agents.settle();
    for (const call of this.calls) call.answered(model, agents.answer(call.agent), agents);
    for (const agent of before.keys()) {
      if (model.waiting.has(agent) && agents.answer(agent) !== undefined)
        throw new Error(`agent ${agent}, which nobody has woken, went on with ${agents.answer(agent)}`);
    }
    const printed = agents.machine.console.text();
    if (printed !== model.printed)
      throw new Error(`printed is ${JSON.stringify(printed)}, not ${JSON.stringify(model.printed)}`);
    const [broken] = agents.broken();
    if (broken !== undefined) throw new Error(`a broken invariant: ${broken}`);
  }

  toString(): string {
    return this.calls.map((call) => `${call.agent}: ${String(call)}`).join(' | ');
  }
}

/** @throws Error unless the answer is the one expected */
export function expectAnswer(call: SystemCall, answer: number | undefined, expected: number): void {
  if (answer === expected) return;
  const what = answer === undefined ? 'blocks' : `gives ${answer}`;
  throw new Error(`${String(call)} ${what}, not ${expected}`);
}
