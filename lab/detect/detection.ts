/**
 * The detectors of one run: listens to the machine's events, and tells the detectors what they mean. Nothing in
 * the run changes by it, and without one nothing is listened to.
 */
import { CSR } from '../../hw/isa/csr.ts';
import { MARK } from '../../hw/isa/mark.ts';
import { CAUSE, INTERRUPT_FLAG } from '../../hw/isa/trap.ts';
import { OP } from '../../hw/isa/op.ts';
import type { Machine } from '../../hw/machine.ts';
import type { TraceEvent, TraceSink } from '../../hw/trace/event.ts';
import { LIMIT, SYSCALL } from '../../kernel/abi/index.ts';
import { nameAddress } from '../../kernel/index.ts';
import { type Access, AccessReader } from './access.ts';
import type { Actor } from './actor.ts';
import { Actors } from './actors.ts';
import type { Detector, LockStep, SystemCall, Watch } from './detector.ts';
import { DEFAULT_OVERTAKES, type DetectorId, DETECTORS } from './detectors.ts';
import type { Finding } from './finding.ts';
import { HeapBlocks, offsetIn } from './heap/heap-blocks.ts';
import { HeldLocks } from './locks/held-locks.ts';
import { makeDetector } from './make.ts';
import { kernelAccesses } from './system-call-memory.ts';

type Event<Kind extends TraceEvent['kind']> = Extract<TraceEvent, { kind: Kind }>;

export interface DetectionOptions {
  /** Whether the machine runs without a kernel. */
  readonly bare: boolean;
  /** Which detectors; all if left out. */
  readonly detectors?: readonly DetectorId[];
  /** How often others may come first, before that is starvation. */
  readonly overtakes?: number;
}

const REGISTER_A2 = 12;

export class Detection implements TraceSink {
  readonly instructions: boolean;
  private readonly machine: Machine;
  private readonly bare: boolean;
  private readonly actors: Actors;
  private readonly heap = new HeapBlocks();
  private readonly locks = new HeldLocks();
  private readonly detectors: readonly Detector[];
  private readonly watchers: readonly Detector[];
  private readonly accesses: AccessReader;
  /** Whether anybody wants to see what the kernel does to memory. */
  private readonly wantsKernel: boolean;
  private readonly found: Finding[] = [];
  /** System calls under way. */
  private readonly calls = new Map<Actor, SystemCall>();
  /** For which thread a context of the kernel works. */
  private readonly serving = new Map<number, Actor>();
  /** Contexts whose instruction has met a page fault and comes again. */
  private readonly faulted = new Set<number>();
  /** How deep an actor is in an allocator. */
  private readonly allocating = new Map<Actor, number>();
  private readonly detach: () => void;

  /** @param machine one that has not run yet */
  constructor(machine: Machine, { bare, detectors, overtakes = DEFAULT_OVERTAKES }: DetectionOptions) {
    this.machine = machine;
    this.bare = bare;
    this.actors = new Actors(machine, bare, (actor, stack) => this.began(actor, stack));
    const rows = DETECTORS.filter(({ id }) => detectors?.includes(id) ?? true);
    this.instructions = rows.some((row) => row.instructions);
    this.detectors = rows.map(({ id }) => makeDetector(id, this.watchFor(id, overtakes), !bare));
    this.watchers = this.detectors.filter((detector) => detector.access !== undefined);
    this.wantsKernel = bare || this.watchers.some((detector) => detector.wantsKernel === true);
    this.accesses = new AccessReader(machine.config.l1.line, (access) => this.access(access));
    this.detach = machine.trace.attach(this);
  }

  /** Whether threads are known to wait in a circle: the run need not go on. */
  get isStuck(): boolean {
    return this.detectors.some((detector) => detector.isStuck);
  }

  /** Ends the detection; gives what was found. */
  finish(deadlock: boolean): readonly Finding[] {
    this.detach();
    const cycle = this.machine.now();
    for (const detector of this.detectors) detector.finish?.({ deadlock, cycle });
    return this.found;
  }

  event(event: TraceEvent): void {
    switch (event.kind) {
      case 'instruction':
        return this.instruction(event);
      case 'mark':
        return this.mark(event);
      case 'trap':
        return this.trap(event);
      case 'return':
        if (event.user) this.returned(event);
        return;
      case 'context':
        return event.what === 'created' ? this.created(event) : this.freed(event.context);
      case 'ipi':
        if (this.bare) this.tell('sent', this.actorOn(event.hart), `interrupt of hart ${event.to}`);
        return;
      default:
        return;
    }
  }

  private instruction(event: Event<'instruction'>): void {
    if (!event.user && !this.wantsKernel) return;
    const who = this.actors.of(event, event.user);
    const again = this.faulted.size > 0 && this.faulted.delete(event.context);
    this.accesses.read(event, who, again, this.allocating.size > 0 && this.allocating.has(who));
    if (event.op === OP.send) this.tell('sent', who, `messages to node ${event.a}`);
    if (event.op === OP.receive)
      this.tell('received', who, `messages to node ${this.machine.nodeOf(event.hart)}`);
  }

  private access(access: Access): void {
    for (const detector of this.watchers) detector.access?.(access);
  }

  private mark({ mark, a, b, hart, context, cycle, user }: Event<'mark'>): void {
    const who = this.actors.of({ hart, context }, user);
    switch (mark) {
      case MARK.lockWanted:
        return this.lock('wanted', a, who, cycle);
      case MARK.lockAcquired:
        return this.lock('acquired', a, who, cycle);
      case MARK.lockReleased:
        return this.lock('released', a, who, cycle);
      case MARK.atomic:
        for (const detector of this.detectors) detector.atomic?.(who.space, a, b);
        return;
      case MARK.allocated:
        if (!this.bare && !user) for (const detector of this.detectors) detector.renewed?.(0, a, a + b);
        return this.heap.allocated(who.space, a, b, who, cycle);
      case MARK.freed:
        return this.freedBlock(who, a, cycle);
      case MARK.allocatorEntered:
        this.allocating.set(who, (this.allocating.get(who) ?? 0) + 1);
        return;
      case MARK.allocatorLeft:
        if ((this.allocating.get(who) ?? 0) > 1)
          this.allocating.set(who, (this.allocating.get(who) as number) - 1);
        else this.allocating.delete(who);
        return;
      default:
        return;
    }
  }

  private lock(what: LockStep['what'], address: number, who: Actor, cycle: number): void {
    const step = { what, lock: { space: who.space, address }, who, cycle };
    this.locks.note(step);
    for (const detector of this.detectors) detector.lock?.(step);
  }

  private freedBlock(who: Actor, address: number, cycle: number): void {
    const block = this.heap.at(who.space, address);
    if (block === undefined) return;
    if (block.freed === undefined) block.freed = { who, hart: who.hart, cycle };
    else for (const detector of this.detectors) detector.freedAgain?.(block, who, cycle);
  }

  private trap({ hart, context, handler, cause, cycle, user, a, b, c }: Event<'trap'>): void {
    if (cause === CAUSE.softwareInterrupt && this.bare)
      this.tell('received', this.actorOn(hart), `interrupt of hart ${hart}`);
    if (cause === CAUSE.loadPageFault || cause === CAUSE.storePageFault) this.faulted.add(context);
    if (!user) return;
    const who = this.actors.of({ hart, context }, true);
    this.serving.set(handler, who);
    this.tell('sent', who, threadOf(handler));
    if ((cause & INTERRUPT_FLAG) !== 0 || (cause === CAUSE.userCall && a === SYSCALL.yield))
      for (const detector of this.detectors) detector.preempted?.(who, cycle);
    if (cause !== CAUSE.userCall) return;
    const a2 = this.machine.context(context)?.registers[REGISTER_A2] ?? 0;
    const call: SystemCall = { who, cycle, number: a, arguments: [b, c, a2] };
    this.calls.set(who, call);
    for (const access of kernelAccesses(call, undefined)) this.access(access);
    for (const detector of this.detectors) detector.called?.(call);
  }

  private returned({ hart, context, handler, cycle, completed }: Event<'return'>): void {
    const who = this.actors.of({ hart, context }, true);
    this.tell('received', who, threadOf(handler));
    for (const detector of this.detectors) detector.resumed?.(who, cycle);
    const called = this.calls.get(who);
    this.calls.delete(who);
    if (called === undefined || !completed) return;
    const result = this.machine.state.csr(hart, CSR.sresult);
    const call = { ...called, cycle };
    if (call.number === SYSCALL.mmap && result > 0) this.renewed(who.space, result, call.arguments[1]);
    for (const access of kernelAccesses(call, result)) this.access(access);
    for (const detector of this.detectors) detector.returned?.(call, result);
  }

  /** A thread's context is made by the kernel for the thread that has asked for it. */
  private created({ hart, context }: Event<'context'>): void {
    const parent = this.serving.get(this.machine.currentContext(hart));
    if (parent !== undefined) this.tell('sent', parent, startOf(context));
  }

  private began(who: Actor, stack: number): void {
    if (stack > 0) this.renewed(who.space, stack, LIMIT.STACK);
    for (const detector of this.detectors) detector.started?.(who);
    this.tell('received', who, startOf(who.context));
  }

  private freed(context: number): void {
    this.serving.delete(context);
    this.faulted.delete(context);
    const who = this.actors.forget(context);
    if (who === undefined) return;
    this.calls.delete(who);
    this.allocating.delete(who);
    this.locks.forget(who);
    for (const detector of this.detectors) detector.ended?.(who);
    if (!who.user || this.actors.hasThreads(who.space)) return;
    this.heap.vanished(who.space);
    this.locks.forgetSpace(who.space);
    for (const detector of this.detectors) detector.vanished?.(who.space);
  }

  /** Pages that are mapped anew. */
  private renewed(space: number, from: number, length: number): void {
    const to = from + ((length + LIMIT.PAGE - 1) & -LIMIT.PAGE);
    this.heap.renewed(space, from, to);
    for (const detector of this.detectors) detector.renewed?.(space, from, to);
  }

  private tell(what: 'sent' | 'received', who: Actor, channel: string): void {
    for (const detector of this.detectors) detector[what]?.(who, channel);
  }

  private actorOn(hart: number): Actor {
    return this.actors.of({ hart, context: this.machine.currentContext(hart) }, false);
  }

  private watchFor(detector: DetectorId, overtakes: number): Watch {
    const { machine, heap, locks, bare, found } = this;
    return {
      machine,
      heap,
      locks,
      overtakes,
      place(space, address) {
        const block = heap.at(space, address);
        if (!bare && space === 0) return nameAddress(machine, address);
        return block === undefined ? undefined : offsetIn(block, address);
      },
      report: (finding) => void found.push({ detector, ...finding }),
    };
  }
}

/** In a call to another domain a thread goes on in another context; its kernel context stays the same. */
const threadOf = (handler: number): string => `thread of context ${handler}`;

const startOf = (context: number): string => `start of context ${context}`;
