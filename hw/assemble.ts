/**
 * Puts the machine together: every part and the wires between them, from the configuration. Here alone it is
 * decided who knows whom.
 */
import { buildDevices } from './build-devices.ts';
import { buildInterconnect, buildMemory } from './build-memory.ts';
import { LastLevel } from './cache/last-level.ts';
import { MissClassifier } from './cache/miss-classifier.ts';
import { PrivateCaches } from './cache/private-caches.ts';
import type { CodeTable } from './code-table.ts';
import type { Transition } from './coherence/transition.ts';
import { isCluster, type MachineConfig } from './config.ts';
import type { StepListener } from './context/coroutine.ts';
import type { ProgramException, Stop } from './stop.ts';
import { ContextTable } from './context/table.ts';
import { Counters } from './counters.ts';
import { CsrFile } from './hart/csr-file.ts';
import { DeviceUnit } from './hart/device-unit.ts';
import type { FaultPlan } from './faults/fault-plan.ts';
import { LateInterrupts } from './faults/late-interrupts.ts';
import { HartState } from './hart/hart-state.ts';
import { HitPath } from './hart/hit-path.ts';
import { InterruptLines } from './hart/interrupt-lines.ts';
import { IssueSlots } from './hart/issue-slots.ts';
import { MemoryPort } from './hart/memory-port.ts';
import { MemoryUnit } from './hart/memory-unit.ts';
import { NetworkUnit } from './hart/network-unit.ts';
import { Processor } from './hart/processor.ts';
import { SpinLot } from './hart/spin-lot.ts';
import { SpinUnit } from './hart/spin-unit.ts';
import { SupervisorUnit } from './hart/supervisor-unit.ts';
import { TrapUnit } from './hart/trap-unit.ts';
import type { AddressRanges } from './memory/address-ranges.ts';
import { PhysicalMemory } from './memory/physical.ts';
import { FrameUses } from './mmu/frame-uses.ts';
import { Tlb } from './mmu/tlb.ts';
import { Translator } from './mmu/translator.ts';
import { Actors } from './sequencer/actors.ts';
import type { EventQueue } from './sequencer/event-queue.ts';
import { Sequencer } from './sequencer/sequencer.ts';
import type { TraceBus } from './trace/bus.ts';

/** What the parts are given by the machine that they make up. */
export interface Shell {
  readonly trace: TraceBus;
  readonly code: CodeTable;
  readonly events: EventQueue;
  readonly uncachedRanges: AddressRanges;
  readonly exceptions: ProgramException[];
  /** Ends the run. */
  end(stop: Stop): void;
  /** The power register of a node was written. */
  powerOff(node: number, status: number): void;
}

/** The parts that the machine itself talks to. */
export type Parts = ReturnType<typeof assemble>;

/** What is built in beside the configuration. */
export interface Brought {
  /** A coherence protocol instead of the configuration's. */
  readonly protocol?: readonly Transition[] | undefined;
  readonly faults?: FaultPlan | undefined;
}

export function assemble(config: MachineConfig, shell: Shell, { protocol, faults }: Brought = {}) {
  const { trace, code, events, uncachedRanges } = shell;
  const { timing } = config;
  const harts = new HartState(config);
  const actors = new Actors(harts.count, config.nodes);
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
    protocol,
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
  const lines =
    faults?.delaysAny === true
      ? new LateInterrupts(harts, spins, counters, trace, faults, events)
      : new InterruptLines(harts, spins, counters, trace);
  const csrs = new CsrFile(harts, lines, events, actors, counters);
  if (!config.tlb.tagged) csrs.onAddressSpace = (hart) => tlb.drop(hart, -1, -1);
  const contexts = new ContextTable(stepListener(harts, trace));
  const crash = (hart: number, context: number, message: string, error?: unknown): void =>
    shell.end({ kind: 'crashed', hart, context, message, error });
  const traps = new TrapUnit({ harts, contexts, code, csrs, counters, trace, crash, drain }, timing.trap);
  const devices = buildDevices(config, {
    harts,
    memory,
    system,
    lineShift: caches.lineShift,
    lines,
    events,
    actors,
    trace,
    faults,
    onPower: (node, status) => shell.powerOff(node, status),
  });
  const shortWay = config.hitPath && config.storeBuffer === 0 && !isCluster(config) && misses === undefined;
  const reachOfHits = shortWay ? memory.size : 0;
  const hits = new HitPath(harts, caches, counters, reachOfHits, timing.l1Hit, config.hartsPerCore === 1);
  const slots =
    config.hartsPerCore > 1 ? new IssueSlots(harts, counters, port.buffers, timing.turn) : undefined;
  const processor = new Processor({
    harts,
    slots,
    port,
    translator,
    traps,
    code,
    counters,
    spins,
    trace,
    crash,
    hits,
    threw: (hart, context, error) => void shell.exceptions.push({ hart, context, error }),
    uncachedRanges,
    memorySize: visibleMemory,
  });
  processor.deviceUnit = new DeviceUnit({
    harts,
    port,
    processor,
    traps,
    devices: devices.buses,
    counters,
    trace,
    cycles: timing.device,
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
    processor.networkUnit = new NetworkUnit({
      harts,
      port,
      processor,
      traps,
      network: devices.network,
      counters,
    });
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
    actors,
    processor,
    counters,
    trace,
    timing,
    onPanic: (hart, panicCode) =>
      shell.end({ kind: 'panic', hart, code: panicCode, context: harts.contextId(hart) }),
  });
  const sequencer = new Sequencer(
    harts,
    events,
    actors,
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

  return {
    harts,
    actors,
    events,
    lines,
    counters,
    caches,
    memory,
    misses,
    frameUses,
    interconnect,
    devices,
    system,
    tlb,
    port,
    hits,
    csrs,
    contexts,
    sequencer,
    spins,
  };
}

/** Turns frames of named steps, and marks, into trace events. */
function stepListener(harts: HartState, trace: TraceBus): StepListener {
  const executing = (context: number): number => harts.context.findIndex((other) => other?.id === context);
  return {
    entered: (context, step, object) => {
      if (!trace.on) return;
      const hart = executing(context);
      trace.emit({ kind: 'enter', cycle: harts.clock[hart] as number, hart, context, step, object });
    },
    left: (context, step) => {
      if (!trace.on) return;
      const hart = executing(context);
      trace.emit({ kind: 'leave', cycle: harts.clock[hart] as number, hart, context, step });
    },
    marked: (context, mark, a, b) => {
      if (!trace.on) return;
      const hart = executing(context);
      const [cycle, user] = [harts.clock[hart] as number, harts.user[hart] === 1];
      trace.emit({ kind: 'mark', cycle, hart, context, mark, a, b, user });
    },
  };
}
