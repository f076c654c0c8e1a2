/**
 * Control and status registers of a hart, one row each.
 *
 * RISC-V's names and meanings where RISC-V has one. Those marked `eddy` stand for what a coroutine machine
 * cannot read from the instruction stream: which context trapped, with which instruction and operands.
 */
export interface CsrRow {
  readonly name: string;
  readonly origin: 'riscv' | 'eddy';
  readonly access: 'read-write' | 'read-only';
  readonly summary: string;
}

export const CSRS = [
  {
    name: 'satp',
    origin: 'riscv',
    access: 'read-write',
    summary:
      'Translation: MODE (bit 31), ASID (bits 22–30), page number of the root table (bits 0–21). 0 turns translation off.',
  },
  { name: 'stvec', origin: 'riscv', access: 'read-write', summary: 'Code address at which traps enter.' },
  {
    name: 'sepc',
    origin: 'riscv',
    access: 'read-write',
    summary: 'Number of the context that trapped, and to which sret returns.',
  },
  {
    name: 'scause',
    origin: 'riscv',
    access: 'read-write',
    summary: 'Cause of the trap; bit 31 set for interrupts.',
  },
  {
    name: 'stval',
    origin: 'riscv',
    access: 'read-write',
    summary: 'Address of the failed access, or the value that the cause describes.',
  },
  {
    name: 'sstatus',
    origin: 'riscv',
    access: 'read-write',
    summary: 'SIE (bit 1), SPIE (bit 5), SPP (bit 8), TVM (bit 20): see traps.',
  },
  {
    name: 'sie',
    origin: 'riscv',
    access: 'read-write',
    summary: 'Interrupts enabled: SSIE (bit 1), STIE (bit 5), SEIE (bit 9).',
  },
  {
    name: 'sip',
    origin: 'riscv',
    access: 'read-write',
    summary: 'Interrupts pending, same bits; only SSIP can be written (cleared or set).',
  },
  { name: 'sscratch', origin: 'riscv', access: 'read-write', summary: 'A word for the kernel’s trap entry.' },
  {
    name: 'stimecmp',
    origin: 'riscv',
    access: 'read-write',
    summary:
      'Cycle (low 32 bits, ahead of now by less than 2^31) at which the timer interrupt becomes pending; writing clears it. 0 turns the timer off.',
  },
  { name: 'time', origin: 'riscv', access: 'read-only', summary: 'The hart’s clock, low 32 bits.' },
  { name: 'timeh', origin: 'riscv', access: 'read-only', summary: 'The hart’s clock, high bits.' },
  { name: 'mhartid', origin: 'riscv', access: 'read-only', summary: 'The hart’s number: the boot register.' },
  { name: 'snode', origin: 'eddy', access: 'read-only', summary: 'The node that the hart belongs to.' },
  {
    name: 'slocal',
    origin: 'eddy',
    access: 'read-write',
    summary: 'Per-hart base register: where this hart’s kernel data begins.',
  },
  {
    name: 'sctx',
    origin: 'eddy',
    access: 'read-write',
    summary: 'Supervisor context in which traps from user mode run; its frame stack must be empty.',
  },
  {
    name: 'scurrent',
    origin: 'eddy',
    access: 'read-only',
    summary: 'Number of the context that is executing.',
  },
  {
    name: 'sinst',
    origin: 'eddy',
    access: 'read-only',
    summary: 'Operation number of the instruction that trapped.',
  },
  {
    name: 'sop0',
    origin: 'eddy',
    access: 'read-only',
    summary: 'First operand of the instruction that trapped.',
  },
  {
    name: 'sop1',
    origin: 'eddy',
    access: 'read-only',
    summary: 'Second operand of the instruction that trapped.',
  },
  {
    name: 'sop2',
    origin: 'eddy',
    access: 'read-only',
    summary: 'Third operand of the instruction that trapped.',
  },
  {
    name: 'sresult',
    origin: 'eddy',
    access: 'read-write',
    summary:
      'Writing it makes the next sret complete the trapped instruction with this value instead of issuing it again.',
  },
  {
    name: 'hpmcounter3',
    origin: 'riscv',
    access: 'read-only',
    summary:
      'A hardware counter, low 32 bits, of an event that cannot be chosen: accesses of the hart whose line its core’s own caches did not hold.',
  },
] as const satisfies readonly CsrRow[];

export type CsrName = (typeof CSRS)[number]['name'];

/** Register numbers by name. */
export const CSR = Object.fromEntries(CSRS.map((csr, index) => [csr.name, index])) as Readonly<
  Record<CsrName, number>
>;

/** Bits of `sstatus`. */
export const SSTATUS = {
  /** Interrupts enabled in supervisor mode. (In user mode they are always enabled.) */
  SIE: 1 << 1,
  /** SIE before the trap. */
  SPIE: 1 << 5,
  /** Mode before the trap: set for supervisor. `sret` returns to this mode. */
  SPP: 1 << 8,
  /** Reading time or counters in user mode traps (for a monitor). */
  TVM: 1 << 20,
} as const;

/** Bits of `sie` and `sip`. */
export const INTERRUPT = {
  software: 1 << 1,
  timer: 1 << 5,
  external: 1 << 9,
} as const;

/** Fields of `satp`. */
export const SATP = {
  MODE: 1 << 31,
  ASID_SHIFT: 22,
  ASID_MASK: 0x1ff,
  PPN_MASK: 0x3fffff,
} as const;

/** The `satp` value for a root table at physical address `root` with address-space number `asid` (0–511). */
export const satpFor = (root: number, asid: number): number =>
  SATP.MODE | (asid << SATP.ASID_SHIFT) | (root >>> 12) | 0;
