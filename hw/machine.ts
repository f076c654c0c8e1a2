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
import { buildDevices } from './build-devices.ts';
import { buildInterconnect, buildMemory } from './build-memory.ts';
import { LastLevel } from './cache/last-level.ts';
import { MissClassifier } from './cache/miss-classifier.ts';
import { PrivateCaches } from './cache/private-caches.ts';
import { CodeTable, type Procedure } from './code-table.ts';
import { CoherentMemory } from './coherence/coherent-memory.ts';
import type { MemorySystem } from './coherence/memory-system.ts';
import type { Transition } from './coherence/transition.ts';
import { isCluster, type MachineConfig } from './config.ts';
import type { CoroutineContext } from './context/coroutine.ts';
import { ContextTable } from './context/table.ts';
import { Counters } from './counters.ts';
import type { Console } from './devices/console.ts';
import type { Disk } from './devices/disk.ts';
import type { MessageNetwork } from './devices/network-interface.ts';
import { CsrFile } from './hart/csr-file.ts';
import { ACTIVITY, HartState } from './hart/hart-state.ts';
import { HitPath } from './hart/hit-path.ts';
import type { Footprint } from './hart/footprint.ts';
import { InterruptLines } from './hart/interrupt-lines.ts';
import { MemoryPort } from './hart/memory-port.ts';
import { MemoryUnit } from './hart/memory-unit.ts';
import { NetworkUnit } from './hart/network-unit.ts';
import { Processor } from './hart/processor.ts';
import { SpinLot } from './hart/spin-lot.ts';
import { SpinUnit } from './hart/spin-unit.ts';
import { SupervisorUnit } from './hart/supervisor-unit.ts';
import { TrapUnit } from './hart/trap-unit.ts';
import type { Interconnect } from './interconnect/interconnect.ts';
import type { TrafficRow } from './interconnect/traffic.ts';
import { AddressRanges } from './memory/address-ranges.ts';
import { PhysicalMemory } from './memory/physical.ts';
import { FrameUses } from './mmu/frame-uses.ts';
import { Tlb, type TlbEntry } from './mmu/tlb.ts';
import { Translator } from './mmu/translator.ts';
import type { Arbiter } from './sequencer/arbiter.ts';
import { EventQueue } from './sequencer/event-queue.ts';
import { startingSkew } from './sequencer/order.ts';
import { type RunEnd, Sequencer } from './sequencer/sequencer.ts';
import { TraceBus } from './trace/bus.ts';

/** Why a run stopped. */
export type Stop =
  /** Somebody wrote the power register. */
  | { readonly kind: 'halted'; readonly status: number }
  /** Every program that was started has ended (machines without a kernel). */
  | { readonly kind: 'finished' }
  | { readonly kind: 'budget'; readonly what: 'instructions' | 'cycles' }
  /** No hart can ever act again: each waits or spins, and no event is due. */
  | { readonly kind: 'deadlock' }
  | { readonly kind: 'panic'; readonly hart: number; readonly code: number; readonly context: number }
  /** Supervisor code threw, or trapped where no handler was set. */
  | {
      readonly kind: 'crashed';
      readonly hart: number;
      readonly context: number;
      readonly message: string;
      readonly error?: unknown;
    }
  /** The arbiter ended the run. */
  | { readonly kind: 'arbiter' };

/** A JavaScript exception that ended a user program. */
export interface ProgramException {
  readonly hart: number;
  readonly context: number;
  readonly error: unknown;
}

/** Limits of one run; what is left out is unlimited. */
export interface Budget {
  /** Steps: instructions issued and traps taken. */
  readonly instructions?: number;
  /** Absolute cycle. */
  readonly cycles?: number;
}

/** Parts that somebody may bring along. */
export interface MachineParts {
  /** The coherence protocol: a table like `MESI`. A wrong one yields wrong values. */
  readonly protocol?: readonly Transition[];
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
  private readonly interconnect: Interconnect;
  private readonly messages: MessageNetwork;
  private readonly system: MemorySystem;
  private readonly uncachedRanges = new AddressRanges();

  private readonly events = new EventQueue();
  private readonly contexts: ContextTable;
  private readonly csrs: CsrFile;
  private readonly tlb: Tlb;
  private readonly port: MemoryPort;
  private readonly hits: HitPath;
  private readonly sequencer: Sequencer;
  private readonly spins: SpinLot;
  private stop: Stop | undefined;

  /**
   * @param config a complete configuration, as `presetConfig` gives and `checkConfig` accepts
   * @param parts parts to build in instead of the usual ones
   */
  constructor(config: MachineConfig, parts: MachineParts = {}) {
    const { trace, code, events } = this;
    const { timing } = config;
    this.config = config;
    const harts = new HartState(config);
    const counters = new Counters(harts.count);
    const caches = new PrivateCaches(harts.cores, config.l1, config.l2);
    const memory = new PhysicalMemory(config.nodes, config.memoryPerNode);
    const spins = new SpinLot(harts, caches, counters, config.seed);
    const interconnect = buildInterconnect(config);
    const visibleMemory = memory.size / (isCluster(config) ? config.nodes : 1);
    const misses = config.classifyMisses
      ? new MissClassifier(harts, caches, spins, counters, {
          size: memory.size,
          nonCoherent: config.coherence === 'none',
        })
      : undefined;
    const frameUses = config.classifyMisses ? new FrameUses(memory.size) : undefined;
    const lastLevel = new LastLevel(config.nodes, config.llc, config.l1.line, timing, counters);
    const system = buildMemory(
      config,
      { harts, caches, memory, interconnect, lastLevel, counters, spins, trace, misses },
      parts.protocol,
    );
    const port = new MemoryPort(harts, caches, memory, system, spins, counters, events, {
      l1Hit: timing.l1Hit,
      l2Hit: timing.l2Hit,
      storeBuffer: config.storeBuffer,
      drain: timing.drain,
    });
    port.misses = misses;
    const drain = (hart: number): void => port.drain(hart);
    const tlb = new Tlb(harts.count, config.tlb);
    const translator = new Translator(harts, tlb, port, counters, trace, visibleMemory);
    translator.frameUses = frameUses;
    const lines = new InterruptLines(harts, spins, counters, trace);
    const csrs = new CsrFile(harts, lines, events, counters);
    if (!config.tlb.tagged) csrs.onAddressSpace = (hart) => tlb.drop(hart, -1, -1);
    const contexts = new ContextTable(this.stepListener(harts));
    const crash = (hart: number, context: number, message: string, error?: unknown): void =>
      this.end({ kind: 'crashed', hart, context, message, error });
    const traps = new TrapUnit({ harts, contexts, code, csrs, counters, trace, crash, drain }, timing.trap);
    const devices = buildDevices(config, {
      harts,
      memory,
      system,
      lineShift: caches.lineShift,
      lines,
      events,
      trace,
      onPower: (node, status) => this.powerOff(node, status),
    });
    const shortWay = config.hitPath && config.storeBuffer === 0 && !isCluster(config) && misses === undefined;
    const reachOfHits = shortWay ? memory.size : 0;
    const hits = new HitPath(harts, caches, counters, reachOfHits, timing.l1Hit, config.hartsPerCore === 1);
    const processor = new Processor({
      harts,
      caches,
      port,
      translator,
      devices: devices.buses,
      traps,
      code,
      counters,
      spins,
      trace,
      crash,
      hits,
      threw: (hart, context, error) => void this.exceptions.push({ hart, context, error }),
      uncachedRanges: this.uncachedRanges,
      memorySize: visibleMemory,
      deviceCycles: timing.device,
    });
    processor.memoryUnit = new MemoryUnit({
      harts,
      port,
      translator,
      counters,
      processor,
      memorySize: visibleMemory,
      lineShift: caches.lineShift,
    });
    if (isCluster(config)) {
      processor.networkUnit = new NetworkUnit({ harts, port, processor, traps, network: devices.network });
      for (let node = 0; node < config.nodes; node++) {
        devices.network.at(node).onArrival = (now) => lines.messageArrived(node, now);
      }
    }
    processor.spinUnit = new SpinUnit({
      harts,
      port,
      spins,
      counters,
      processor,
      translator,
      trace,
      l1Hit: timing.l1Hit,
      elide: config.elideSpins,
    });
    processor.supervisor = new SupervisorUnit({
      harts,
      contexts,
      code,
      csrs,
      lines,
      traps,
      port,
      tlb,
      events,
      processor,
      counters,
      trace,
      timing,
      onPanic: (hart, panicCode) =>
        this.end({ kind: 'panic', hart, code: panicCode, context: harts.contextId(hart) }),
    });
    const sequencer = new Sequencer(
      harts,
      events,
      processor,
      spins,
      port.buffers,
      (address) => system.peek(address),
      config.seed,
    );
    events.onScheduled = () => sequencer.eventScheduled();
    lines.onWake = (hart) => sequencer.makeReady(hart);
    spins.onWake = (hart) => {
      sequencer.makeReady(hart);
      if (trace.on) {
        trace.emit({
          kind: 'wake',
          cycle: harts.clock[hart] as number,
          hart,
          context: harts.contextId(hart),
          why: 'spin',
        });
      }
    };

    this.state = harts;
    this.counters = counters;
    this.caches = caches;
    this.memory = memory;
    this.misses = misses;
    this.frameUses = frameUses;
    this.interconnect = interconnect;
    this.messages = devices.network;
    this.system = system;
    this.tlb = tlb;
    this.port = port;
    this.hits = hits;
    this.csrs = csrs;
    this.contexts = contexts;
    this.disks = devices.disks;
    this.disk = devices.disks[0] as Disk;
    this.consoles = devices.consoles;
    this.console = devices.consoles[0] as Console;
    this.sequencer = sequencer;
    this.spins = spins;
  }

  /**
   * The coherent memory system, for checkers.
   * @throws TypeError on a machine without coherence
   */
  get coherent(): CoherentMemory {
    if (this.system instanceof CoherentMemory) return this.system;
    throw new TypeError('this machine has no coherent memory system');
  }

  /** Whether its nodes have nothing in common but messages. */
  get isCluster(): boolean {
    return isCluster(this.config);
  }

  /** Whether hardware keeps no caches coherent. */
  get nonCoherent(): boolean {
    return this.system.nonCoherent;
  }

  /** Says that [from, to) of physical memory must not be cached (firmware, on machines without coherence). */
  markUncached(from: number, to: number): void {
    this.uncachedRanges.add(from, to);
    // The short way does not ask what may be cached.
    this.hits.turnOff();
  }

  /** Number of harts. */
  get harts(): number {
    return this.state.count;
  }

  /** The node that a hart belongs to. */
  nodeOf(hart: number): number {
    return this.state.node[hart] as number;
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
    return this.spins.acting;
  }

  /** A context by number, for reports. */
  context(id: number): CoroutineContext | undefined {
    return this.contexts.at(id);
  }

  /** What each bus, link and memory module has carried. */
  traffic(): TrafficRow[] {
    return [...this.interconnect.traffic(), ...this.messages.traffic()];
  }

  /** Numbers of all contexts that exist. */
  liveContexts(): number[] {
    return this.contexts.live();
  }

  /** All TLB entries of a hart, for checkers. */
  tlbEntries(hart: number): TlbEntry[] {
    return this.tlb.list(hart);
  }

  /** The word at a physical address as a load would see it. Host side: costs and changes nothing. */
  peek(address: number): number {
    return this.system.peek(address);
  }

  /** The byte at a physical address, as `peek`. */
  peekByte(address: number): number {
    return (this.peek(address & ~3) >>> ((address & 3) * 8)) & 0xff;
  }

  /** Writes a word from the host, in memory and in every cache that holds it. For loaders and tests. */
  poke(address: number, word: number): void {
    const { caches, state, memory, spins } = this;
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
    const context = this.contexts.create();
    context.begin(entry(word0, word1));
    state.context[hart] = context;
    state.user[hart] = 0;
    state.clock[hart] = Math.max(
      state.clock[hart] as number,
      startingSkew(config.seed, hart, config.skew),
      this.spins.now,
      this.sequencer.now,
    );
    state.activity[hart] = ACTIVITY.ready;
    this.csrs.beginModes(hart);
    this.sequencer.makeReady(hart);
  }

  /** Keeps what each step touches in a footprint, for a search of schedules. Before anything has run. */
  recordFootprint(footprint: Footprint): void {
    this.port.footprint = footprint;
    this.hits.turnOff();
  }

  /** Stores of a hart that wait in its store buffer. */
  pendingStores(hart: number): number {
    return this.port.buffers.pending(hart);
  }

  /** Runs in the order of time. A run that stopped for a budget can be gone on with. */
  run(budget: Budget = {}): Stop {
    if (this.stop !== undefined) return this.stop;
    return this.conclude(
      this.sequencer.run(
        budget.instructions ?? Number.POSITIVE_INFINITY,
        budget.cycles ?? Number.POSITIVE_INFINITY,
      ),
    );
  }

  /** Runs with an arbiter deciding who acts next. Time then only orders device events. */
  runArbitrated(arbiter: Arbiter, instructions = Number.POSITIVE_INFINITY): Stop {
    if (this.stop !== undefined) return this.stop;
    return this.conclude(this.sequencer.runArbitrated(arbiter, instructions));
  }

  private conclude(end: RunEnd): Stop {
    // A hart whose program has ended, too: its clock stands still, so that settling again adds nothing.
    for (let hart = 0; hart < this.harts; hart++) this.csrs.settle(hart);
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
    this.sequencer.requestStop();
  }

  private stepListener(harts: HartState): {
    entered(context: number, step: number, object: number): void;
    left(context: number, step: number): void;
  } {
    const executing = (context: number): number => harts.context.findIndex((other) => other?.id === context);
    return {
      entered: (context, step, object) => {
        if (!this.trace.on) return;
        const hart = executing(context);
        this.trace.emit({ kind: 'enter', cycle: this.clock(hart), hart, context, step, object });
      },
      left: (context, step) => {
        if (!this.trace.on) return;
        const hart = executing(context);
        this.trace.emit({ kind: 'leave', cycle: this.clock(hart), hart, context, step });
      },
    };
  }
}
