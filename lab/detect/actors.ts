/** Finds the actor of an event. Without a kernel these are the harts; with one, the contexts. */
import type { Machine } from '../../hw/machine.ts';
import { inspectThreads, whoIs } from '../../kernel/index.ts';
import { Actor } from './actor.ts';

/** Where something was seen: a field of most events. */
interface Seen {
  readonly hart: number;
  readonly context: number;
}

export class Actors {
  private readonly machine: Machine;
  private readonly bare: boolean;
  private readonly byHart: Actor[] = [];
  private readonly byContext = new Map<number, Actor>();
  private readonly began: (actor: Actor, stack: number) => void;
  private count = 0;

  /** @param began learns of each thread of a program, with the lowest address of its stack */
  constructor(machine: Machine, bare: boolean, began: (actor: Actor, stack: number) => void) {
    this.machine = machine;
    this.bare = bare;
    this.began = began;
  }

  /** @param user whether it was in user mode: then the context is a thread's of some process */
  of({ hart, context }: Seen, user: boolean): Actor {
    if (this.bare) return this.ofHart(hart, context);
    const known = this.byContext.get(context);
    if (known !== undefined) {
      known.hart = hart;
      return known;
    }
    return user ? this.newThread(hart, context) : this.newContext(hart, context);
  }

  /** A context was freed: its number may come again as somebody else's. */
  forget(context: number): Actor | undefined {
    const actor = this.byContext.get(context);
    this.byContext.delete(context);
    return actor;
  }

  /** Whether any thread of a process is left. */
  hasThreads(space: number): boolean {
    for (const actor of this.byContext.values()) if (actor.user && actor.space === space) return true;
    return false;
  }

  /** On a cluster each node has a memory of its own. */
  private ofHart(hart: number, context: number): Actor {
    let actor = this.byHart[hart];
    if (actor === undefined) {
      const space = this.machine.isCluster ? this.machine.nodeOf(hart) : 0;
      const where = { space, user: false, thread: 0, hart, context };
      actor = new Actor(this.count++, where, () => `hart ${hart}`);
      this.byHart[hart] = actor;
    }
    actor.context = context;
    return actor;
  }

  private newThread(hart: number, context: number): Actor {
    const report = inspectThreads(this.machine).find(({ userContext }) => userContext === context);
    const { process = 0, thread = 0, stackBase = 0, domain = process } = report ?? {};
    // In a call to another domain, addresses are that domain's.
    const where = { space: domain, user: true, thread, hart, context };
    const actor = new Actor(this.count++, where, () => `process ${process} thread ${thread}`);
    this.byContext.set(context, actor);
    this.began(actor, domain === process ? stackBase : 0);
    return actor;
  }

  /** Who a context of the kernel works for changes little, and is asked only when it is to be named. */
  private newContext(hart: number, context: number): Actor {
    const where = { space: 0, user: false, thread: 0, hart, context };
    const actor = new Actor(this.count++, where, (self) => this.nameOf(context, self));
    this.byContext.set(context, actor);
    return actor;
  }

  private nameOf(context: number, actor: Actor): string {
    const owner = whoIs(this.machine, context);
    if ('thread' in owner) return `the kernel for process ${owner.process} thread ${owner.thread}`;
    if (owner.kind === 'dispatcher') return `the dispatcher of hart ${owner.hart}`;
    return `the kernel on hart ${actor.hart}`;
  }
}
