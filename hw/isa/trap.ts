/**
 * Trap causes: RISC-V's numbers, and three from the range that RISC-V leaves to the platform.
 * The reference page docs/reference/traps.md is rendered from this table.
 */
export interface CauseRow {
  readonly name: string;
  readonly code: number;
  readonly interrupt: boolean;
  readonly summary: string;
}

export const CAUSES = [
  {
    name: 'illegalInstruction',
    code: 2,
    interrupt: false,
    summary: 'A privileged instruction in user mode, or a malformed one. stval is the operation number.',
  },
  {
    name: 'loadMisaligned',
    code: 4,
    interrupt: false,
    summary: 'A read whose address is not a multiple of its size. stval is the address.',
  },
  {
    name: 'loadAccessFault',
    code: 5,
    interrupt: false,
    summary: 'A read of a physical address where nothing is. stval is the address.',
  },
  {
    name: 'storeMisaligned',
    code: 6,
    interrupt: false,
    summary: 'A write or read-modify-write whose address is not a multiple of its size.',
  },
  {
    name: 'storeAccessFault',
    code: 7,
    interrupt: false,
    summary: 'A write to a physical address where nothing is.',
  },
  { name: 'userCall', code: 8, interrupt: false, summary: 'environmentCall in user mode: a system call.' },
  { name: 'supervisorCall', code: 9, interrupt: false, summary: 'environmentCall in supervisor mode.' },
  {
    name: 'loadPageFault',
    code: 13,
    interrupt: false,
    summary: 'A read that the page table does not allow. stval is the virtual address.',
  },
  {
    name: 'storePageFault',
    code: 15,
    interrupt: false,
    summary: 'A write or read-modify-write that the page table does not allow.',
  },
  {
    name: 'programThrew',
    code: 24,
    interrupt: false,
    summary: 'The program threw a JavaScript exception; the host keeps it for the message.',
  },
  {
    name: 'programEnded',
    code: 25,
    interrupt: false,
    summary: 'The outermost procedure returned. stval is the value that it gave.',
  },
  {
    name: 'softwareInterrupt',
    code: 1,
    interrupt: true,
    summary: 'Another hart sent an inter-processor interrupt.',
  },
  { name: 'timerInterrupt', code: 5, interrupt: true, summary: 'The hart’s clock reached stimecmp.' },
  {
    name: 'externalInterrupt',
    code: 9,
    interrupt: true,
    summary: 'A device that the interrupt controller routes to this hart wants attention.',
  },
] as const satisfies readonly CauseRow[];

export type CauseName = (typeof CAUSES)[number]['name'];

/** Set in scause for interrupts. */
export const INTERRUPT_FLAG = 1 << 31;

/** The value that `scause` takes for each cause. */
export const CAUSE = Object.fromEntries(
  CAUSES.map((cause) => [cause.name, cause.interrupt ? cause.code | INTERRUPT_FLAG : cause.code]),
) as Readonly<Record<CauseName, number>>;

/** The name of a cause as it stands in `scause`. */
export const causeName = (scause: number): string =>
  CAUSES.find((cause) => CAUSE[cause.name] === scause)?.name ?? `cause ${scause}`;
