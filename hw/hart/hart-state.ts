/**
 * The state of all harts, one typed array per register, indexed by hart.
 *
 * A hart is a hardware thread; harts of one core share its cache. Harts are numbered core by core, cores
 * node by node.
 */
import type { MachineConfig } from '../config.ts';
import { hartCount, isCluster } from '../config.ts';
import type { CoroutineContext } from '../context/coroutine.ts';
import { CSR, CSRS, INTERRUPT, SSTATUS } from '../isa/csr.ts';

/** What a hart is doing. */
export const ACTIVITY = {
  /** Nothing was started on it, or its program has ended. */
  stopped: 0,
  ready: 1,
  /** Halted in wfi. */
  waiting: 2,
  /** Parked in a spin whose words cannot change without somebody waking it. */
  spinning: 3,
  /** Under an arbiter: waits for the drains of its store buffer, which are steps of their own. */
  draining: 4,
  /** Halted in receive until a message comes. */
  receiving: 5,
  /** Under an arbiter: an awaited atomic instruction failed, and its word has not changed since. */
  awaiting: 6,
} as const;

const NO_LINE = -1;

export class HartState {
  readonly count: number;
  readonly cores: number;
  readonly clock: Float64Array;
  readonly activity: Uint8Array;
  /** 1 in user mode. */
  readonly user: Uint8Array;
  /** 1 when an interrupt is pending that the hart would take now. */
  readonly attention: Uint8Array;
  readonly satp: Int32Array;
  readonly core: Int32Array;
  readonly node: Int32Array;
  /** Where the memory that the hart can see begins in the machine's: 0 but on a cluster. */
  readonly base: Float64Array;
  /** The hart that the hart's node knows as its number 0: 0 but on a cluster. */
  readonly first: Int32Array;
  /** How many harts a hart can see: all but on a cluster. */
  readonly visible: number;
  /** For a hart that is awaiting: the word's physical address and what it held. */
  readonly awaitedWord: Float64Array;
  readonly awaitedValue: Int32Array;
  /** Line that loadReserved has reserved, or -1. */
  readonly reservation: Int32Array;
  readonly context: (CoroutineContext | undefined)[];
  private readonly registers: Int32Array;
  private readonly hartsPerCore: number;
  private readonly coreNodes: Int32Array;
  private reservations = 0;

  constructor(config: MachineConfig) {
    const count = hartCount(config);
    this.count = count;
    this.hartsPerCore = config.hartsPerCore;
    this.cores = count / config.hartsPerCore;
    this.coreNodes = Int32Array.from({ length: this.cores }, (_, core) =>
      Math.floor(core / config.coresPerNode),
    );
    this.clock = new Float64Array(count);
    this.activity = new Uint8Array(count);
    this.user = new Uint8Array(count);
    this.attention = new Uint8Array(count);
    this.satp = new Int32Array(count);
    this.core = new Int32Array(count);
    this.node = new Int32Array(count);
    this.base = new Float64Array(count);
    this.first = new Int32Array(count);
    this.visible = isCluster(config) ? count / config.nodes : count;
    this.awaitedWord = new Float64Array(count);
    this.awaitedValue = new Int32Array(count);
    this.reservation = new Int32Array(count).fill(NO_LINE);
    this.context = new Array<CoroutineContext | undefined>(count).fill(undefined);
    this.registers = new Int32Array(count * CSRS.length);
    for (let hart = 0; hart < count; hart++) {
      this.core[hart] = Math.floor(hart / config.hartsPerCore);
      this.node[hart] = this.nodeOfCore(this.core[hart] as number);
      if (isCluster(config)) {
        this.base[hart] = (this.node[hart] as number) * config.memoryPerNode;
        this.first[hart] = (this.node[hart] as number) * this.visible;
      }
      this.setCsr(hart, CSR.mhartid, hart - (this.first[hart] as number));
      this.setCsr(hart, CSR.snode, isCluster(config) ? 0 : (this.node[hart] as number));
    }
  }

  csr(hart: number, csr: number): number {
    return this.registers[hart * CSRS.length + csr] as number;
  }

  setCsr(hart: number, csr: number, value: number): void {
    this.registers[hart * CSRS.length + csr] = value;
  }

  nodeOfCore(core: number): number {
    return this.coreNodes[core] as number;
  }

  /** The first hart of a core; the others follow. */
  firstHartOf(core: number): number {
    return core * this.hartsPerCore;
  }

  /** One past the last hart of a core. */
  endHartOf(core: number): number {
    return (core + 1) * this.hartsPerCore;
  }

  /** Number of the context that a hart executes, or 0. */
  contextId(hart: number): number {
    return this.context[hart]?.id ?? 0;
  }

  /** Whether the interrupts that are pending and enabled one by one include any. */
  hasPending(hart: number): boolean {
    return (this.csr(hart, CSR.sip) & this.csr(hart, CSR.sie)) !== 0;
  }

  /** Whether the hart would take an interrupt that became pending, if it is enabled. */
  takesInterrupts(hart: number): boolean {
    return this.user[hart] === 1 || (this.csr(hart, CSR.sstatus) & SSTATUS.SIE) !== 0;
  }

  /** Works out `attention` again, after a change of sip, sie, sstatus or mode. */
  updateAttention(hart: number): void {
    this.attention[hart] = this.takesInterrupts(hart) && this.hasPending(hart) ? 1 : 0;
  }

  /** Sets or clears pending bits. */
  setPending(hart: number, bits: number, pending: boolean): void {
    const sip = this.csr(hart, CSR.sip);
    this.setCsr(hart, CSR.sip, pending ? sip | bits : sip & ~bits);
    this.updateAttention(hart);
  }

  /** The most urgent interrupt that is pending and enabled: its bit, or 0. RISC-V's order: external, software, timer. */
  mostUrgent(hart: number): number {
    const pending = this.csr(hart, CSR.sip) & this.csr(hart, CSR.sie);
    return pending & INTERRUPT.external || pending & INTERRUPT.software || pending & INTERRUPT.timer;
  }

  reserve(hart: number, line: number): void {
    if (this.reservation[hart] === NO_LINE) this.reservations++;
    this.reservation[hart] = line;
  }

  clearReservation(hart: number): void {
    if (this.reservation[hart] === NO_LINE) return;
    this.reservation[hart] = NO_LINE;
    this.reservations--;
  }

  /** A core lost a line, or one of its harts (not `except`) wrote it: reservations of it are gone. */
  loseReservations(core: number, line: number, except = -1): void {
    if (this.reservations === 0) return;
    for (let hart = this.firstHartOf(core); hart < this.endHartOf(core); hart++) {
      if (hart !== except && this.reservation[hart] === line) this.clearReservation(hart);
    }
  }
}
