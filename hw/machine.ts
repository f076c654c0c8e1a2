/**
 * The machine, as a block diagram: every part and the wires between them.
 *
 * ```text
 *   sequencer ── events ── disk · console · power · network · interrupt controller
 *       │                      │
 *   processor ── traps ── contexts (programs)
 *       │
 *   translator ── TLB
 *       │
 *   memory port ── private caches ── coherent memory ── interconnect ── memory modules
 * ```
 */
import { assemble, type Parts } from './assemble.ts';
import type { Budget, ProgramException, Stop } from './stop.ts';
import type { MissClassifier } from './cache/miss-classifier.ts';
import type { PrivateCaches } from './cache/private-caches.ts';
import { CodeTable, type Procedure } from './code-table.ts';
import { CoherentMemory } from './coherence/coherent-memory.ts';
import { NonCoherentMemory } from './coherence/non-coherent-memory.ts';
import type { Transition } from './coherence/transition.ts';
import { isCluster, type MachineConfig } from './config.ts';
import type { CoroutineContext } from './context/coroutine.ts';
import type { Counters } from './counters.ts';
import type { Console } from './devices/console.ts';
import type { Disk } from './devices/disk.ts';
import type { Fault } from './faults/fault.ts';
import { FaultPlan } from './faults/fault-plan.ts';
import { PowerSupply } from './faults/power-supply.ts';
import type { HartState } from './hart/hart-state.ts';
import { ACTIVITY } from './hart/hart-state.ts';
import type { Footprint } from './hart/footprint.ts';
import type { TrafficRow } from './interconnect/traffic.ts';
import { AddressRanges } from './memory/address-ranges.ts';
import type { PhysicalMemory } from './memory/physical.ts';
import { giveBack } from './memory/spare-words.ts';
import type { FrameUses } from './mmu/frame-uses.ts';
import { type TlbEntry } from './mmu/tlb.ts';
import type { Actors } from './sequencer/actors.ts';
import type { Arbiter } from './sequencer/arbiter.ts';
import { EventQueue } from './sequencer/event-queue.ts';
import { startingSkew } from './sequencer/order.ts';
import { type RunEnd } from './sequencer/sequencer.ts';
import { TraceBus } from './trace/bus.ts';

export type { Budget, ProgramException, Stop } from './stop.ts';

/** Parts that somebody may bring along. */
export interface MachineParts {
  /** The coherence protocol: a table like `MESI`. A wrong one yields wrong values. */
  readonly protocol?: readonly Transition[];
  /** What goes wrong, and when. */
  readonly faults?: readonly Fault[];
}

export class Machine {
  readonly config: MachineConfig;
  readonly trace = new TraceBus();
  readonly code = new CodeTable();
  readonly counters: Counters;
  /** The console of node 0, which is everybody's but on a cluster. */
  readonly console: Console;
  /** The console of each node of a cluster; elsewhere just the one. */
  readonly consoles: readonly Console[];
  readonly disk: Disk;
  /** The disk of each node of a cluster; elsewhere just the one. */
  readonly disks: readonly Disk[];
  /** Exceptions that user programs threw, in order. */
  readonly exceptions: ProgramException[] = [];
  /** The registers of all harts. For the machine's parts, checkers and tests. */
  readonly state: HartState;
  readonly caches: PrivateCaches;
  readonly memory: PhysicalMemory;
  /** Why accesses missed, and on which lines; only with `classifyMisses`. */
  readonly misses: MissClassifier | undefined;
  /** What lies in each page frame, as the page walker found it; only with `classifyMisses`. */
  readonly frameUses: FrameUses | undefined;
  private readonly uncachedRanges = new AddressRanges();

  private readonly parts: Parts;
  /** Only where it may fail. */
  private readonly power: PowerSupply | undefined;
  private stop: Stop | undefined;

  /**
   * @param config a complete configuration, as `presetConfig` gives and `checkConfig` accepts
   * @param brought parts to build in instead of the usual ones
   */
  constructor(config: MachineConfig, brought: MachineParts = {}) {
    this.config = config;
    const faults = brought.faults && new FaultPlan(brought.faults);
    const events = new EventQueue();
    const parts = assemble(
      config,
      {
        trace: this.trace,
        code: this.code,
        events,
        uncachedRanges: this.uncachedRanges,
        exceptions: this.exceptions,
        end: (stop) => this.end(stop),
        powerOff: (node, status) => this.powerOff(node, status),
      },
      { protocol: brought.protocol, faults },
    );
    this.parts = parts;
    this.state = parts.harts;
    this.counters = parts.counters;
    this.caches = parts.caches;
    this.memory = parts.memory;
    this.misses = parts.misses;
    this.frameUses = parts.frameUses;
    this.disks = parts.devices.disks;
    this.disk = parts.devices.disks[0] as Disk;
    this.consoles = parts.devices.consoles;
    this.console = parts.devices.consoles[0] as Console;
    this.power =
      faults &&
      new PowerSupply({
        plan: faults,
        events,
        disks: this.disks,
        steps: () => parts.sequencer.steps,
        now: () => this.now(),
        running: () => this.state.activity.some((activity) => activity !== ACTIVITY.stopped),
        end: (stop) => this.end(stop),
      });
  }

  /**
   * The coherent memory system, for checkers.
   * @throws TypeError on a machine without coherence
   */
  get coherent(): CoherentMemory {
    if (this.parts.system instanceof CoherentMemory) return this.parts.system;
    throw new TypeError('this machine has no coherent memory system');
  }

  /** Whether its nodes have nothing in common but messages. */
  get isCluster(): boolean {
    return isCluster(this.config);
  }

  /** Whether hardware keeps no caches coherent. */
  get nonCoherent(): boolean {
    return this.parts.system.nonCoherent;
  }

  /** Says that [from, to) of physical memory must not be cached (firmware, on machines without coherence). */
  markUncached(from: number, to: number): void {
    this.uncachedRanges.add(from, to);
    // The short way does not ask what may be cached.
    this.parts.hits.turnOff();
  }

  /** Number of harts. */
  get harts(): number {
    return this.state.count;
  }

  /** The node that a hart belongs to. */
  nodeOf(hart: number): number {
    return this.state.node[hart] as number;
  }

  /** Steps that have been taken: instructions issued and traps taken. */
  get steps(): number {
    return this.parts.sequencer.steps;
  }

  /** A hart's clock, in cycles. */
  clock(hart: number): number {
    return this.state.clock[hart] as number;
  }

  /** The latest clock that any hart has reached. */
  now(): number {
    return this.state.clock.reduce((latest, clock) => Math.max(latest, clock), 0);
  }

  /** Whether a hart is in user mode. */
  isUser(hart: number): boolean {
    return this.state.user[hart] === 1;
  }

  /** What a hart is doing. */
  activity(hart: number): keyof typeof ACTIVITY {
    const names = Object.keys(ACTIVITY) as (keyof typeof ACTIVITY)[];
    return names.find((name) => ACTIVITY[name] === this.state.activity[hart]) ?? 'stopped';
  }

  /** Number of the context that a hart executes, or 0. */
  currentContext(hart: number): number {
    return this.state.contextId(hart);
  }

  /** The hart that acts, or acted last: for a host that has cut a step short. -1 for a device. */
  get actingHart(): number {
    return this.parts.spins.acting;
  }

  /** A context by number, for reports. */
  context(id: number): CoroutineContext | undefined {
    return this.parts.contexts.at(id);
  }

  /** What each bus, link and memory module has carried. */
  traffic(): TrafficRow[] {
    return [...this.parts.interconnect.traffic(), ...this.parts.devices.network.traffic()];
  }

  /** Numbers of all contexts that exist. */
  liveContexts(): number[] {
    return this.parts.contexts.live();
  }

  /** All TLB entries of a hart, for checkers. */
  tlbEntries(hart: number): TlbEntry[] {
    return this.parts.tlb.list(hart);
  }

  /** The word at a physical address as a load would see it. Host side: costs and changes nothing. */
  peek(address: number): number {
    return this.parts.system.peek(address);
  }

  /** The byte at a physical address, as `peek`. */
  peekByte(address: number): number {
    return (this.peek(address & ~3) >>> ((address & 3) * 8)) & 0xff;
  }

  /** Writes a word from the host, in memory and in every cache that holds it. For loaders and tests. */
  poke(address: number, word: number): void {
    const { caches, state, memory } = this;
    const { spins } = this.parts;
    memory.words[address >>> 2] = word;
    for (let core = 0; core < state.cores; core++) {
      const slot = caches.locate(core, address >>> caches.lineShift);
      if (slot < 0) continue;
      caches.data[slot * caches.lineWords + ((address >>> 2) & (caches.lineWords - 1))] = word;
      spins.lineLost(core, slot);
    }
  }

  /** Starts a procedure in supervisor mode on a hart that has none. */
  start(hart: number, entry: Procedure, word0 = 0, word1 = 0): void {
    const { state, config } = this;
    const context = this.parts.contexts.create();
    context.begin(entry(word0, word1));
    state.context[hart] = context;
    state.user[hart] = 0;
    state.clock[hart] = Math.max(
      state.clock[hart] as number,
      startingSkew(config.seed, hart, config.skew),
      this.parts.spins.now,
      this.parts.sequencer.now,
    );
    state.activity[hart] = ACTIVITY.ready;
    this.parts.csrs.beginModes(hart);
    this.parts.sequencer.makeReady(hart);
  }

  /** Keeps what each step touches in a footprint, for a search of schedules. Before anything has run. */
  recordFootprint(footprint: Footprint): void {
    const { port, lines, sequencer, devices, hits, system } = this.parts;
    for (const part of [port, lines, sequencer, ...devices.dmas]) part.footprint = footprint;
    if (system instanceof NonCoherentMemory) system.footprint = footprint;
    hits.turnOff();
  }

  /**
   * Leaves it to the arbiter of `runArbitrated` when device events happen: timers, software interrupts on their
   * way, disk requests and messages become actors. One that is never chosen happens by itself long after its time.
   */
  chooseEvents(): void {
    this.parts.sequencer.eventsChosen = true;
  }

  /** Who can act when an arbiter decides. */
  get actors(): Actors {
    return this.parts.actors;
  }

  /** Actors that have a device event on its way, ascending. */
  pendingEvents(): number[] {
    return this.parts.events.actors();
  }

  /** Stores of a hart that wait in its store buffer. */
  pendingStores(hart: number): number {
    return this.parts.port.buffers.pending(hart);
  }

  /** Leaves the machine's memory and disks to the next machine. Nobody may use this one any more. */
  discard(): void {
    giveBack(this.memory.words);
    for (const { image } of this.disks) giveBack(new Int32Array(image.buffer));
  }

  /** Runs in the order of time. A run that stopped for a budget can be gone on with. */
  run(budget: Budget = {}): Stop {
    if (this.stop !== undefined) return this.stop;
    const { instructions = Number.POSITIVE_INFINITY, cycles = Number.POSITIVE_INFINITY } = budget;
    return this.powered(instructions, (steps) => this.parts.sequencer.run(steps, cycles));
  }

  /** Ends a run after the step that is being taken, as an arbiter can. For those who listen to the trace. */
  pause(): void {
    this.parts.sequencer.requestStop();
  }

  /** Runs with an arbiter deciding who acts next. Time then only orders device events. */
  runArbitrated(arbiter: Arbiter, instructions = Number.POSITIVE_INFINITY): Stop {
    if (this.stop !== undefined) return this.stop;
    return this.powered(instructions, (steps) => this.parts.sequencer.runArbitrated(arbiter, steps));
  }

  private powered(steps: number, go: (steps: number) => RunEnd): Stop {
    return this.conclude(this.power === undefined ? go(steps) : this.power.run(steps, go));
  }

  private conclude(end: RunEnd): Stop {
    // A hart whose program has ended, too: its clock stands still, so that settling again adds nothing.
    for (let hart = 0; hart < this.harts; hart++) this.parts.csrs.settle(hart);
    switch (end) {
      case 'instructions':
      case 'cycles':
        return { kind: 'budget', what: end };
      case 'stopped':
        return this.stop ?? { kind: 'arbiter' };
      case 'idle':
        return {
          kind: this.state.activity.every((activity) => activity === ACTIVITY.stopped)
            ? 'finished'
            : 'deadlock',
        };
    }
  }

  /** Node 0 switches the machine off; another node of a cluster only itself. */
  private powerOff(node: number, status: number): void {
    if (node === 0) {
      this.end({ kind: 'halted', status });
      return;
    }
    for (let hart = 0; hart < this.harts; hart++) {
      if (this.state.node[hart] === node) this.state.activity[hart] = ACTIVITY.stopped;
    }
  }

  private end(stop: Stop): void {
    this.stop ??= stop;
    this.parts.sequencer.requestStop();
  }
}
