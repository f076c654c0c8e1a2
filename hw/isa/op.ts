/**
 * The instruction set, one row per operation.
 *
 * A RISC-V machine seen from a coroutine: registers are JavaScript locals, so what remains are the
 * instructions that touch memory, the hart, or another privilege level. `operands` names the fields of
 * the instruction record in order (`a`, `b`, `c`, …). The reference page docs/reference/instructions.md
 * is rendered from this table, and one test holds that every row is executed by the hart.
 */
export interface OpRow {
  readonly name: string;
  readonly operands: readonly string[];
  /** May be executed in supervisor mode only; in user mode it traps with an illegal-instruction cause. */
  readonly privileged: boolean;
  /** How the operation uses memory, for tools that reason about dependence between steps. */
  readonly memory: 'none' | 'read' | 'write' | 'read-write';
  /**
   * Cycles for which the operation has its core's pipeline, where the harts of a core share one; `'operand'` for
   * as many as its operand says. One with 0 is executed when nobody else wants to issue.
   */
  readonly slots: number | 'operand';
  readonly summary: string;
}

const row = (
  name: string,
  operands: readonly string[],
  memory: OpRow['memory'],
  summary: string,
  slots: OpRow['slots'] = 1,
): OpRow => ({
  name,
  operands,
  privileged: false,
  memory,
  slots,
  summary,
});

const privileged = (
  name: string,
  operands: readonly string[],
  summary: string,
  slots: OpRow['slots'] = 1,
): OpRow => ({
  name,
  operands,
  privileged: true,
  memory: 'none',
  slots,
  summary,
});

export const OPS = [
  row(
    'call',
    [],
    'none',
    'Pushes a procedure on the frame stack of the context. Costs nothing and is not counted.',
    0,
  ),
  row(
    'mark',
    ['kind', 'a', 'b'],
    'none',
    'Says something about the program to whoever looks on. Costs nothing and is not counted.',
    0,
  ),
  row('load', ['address'], 'read', 'Reads a word (32 bits, signed).'),
  row('load8', ['address'], 'read', 'Reads a byte, zero-extended.'),
  row('load16', ['address'], 'read', 'Reads a half-word, zero-extended.'),
  row('store', ['address', 'value'], 'write', 'Writes a word.'),
  row('store8', ['address', 'value'], 'write', 'Writes the low byte of the value.'),
  row('store16', ['address', 'value'], 'write', 'Writes the low half-word of the value.'),
  row('testAndSet', ['address'], 'read-write', 'Sets the word to 1; gives its old value.'),
  row(
    'fetchAndStore',
    ['address', 'value'],
    'read-write',
    'Swaps the word for the value; gives its old value.',
  ),
  row(
    'fetchAndAdd',
    ['address', 'addend'],
    'read-write',
    'Adds to the word, modulo 2^32; gives its old value.',
  ),
  row(
    'compareAndSwap',
    ['address', 'expected', 'replacement'],
    'read-write',
    'Replaces the word if it equals the expected value; gives its old value.',
  ),
  row(
    'awaitTestAndSet',
    ['address'],
    'read-write',
    'Tests and sets the word again and again until it was not 1; gives its old value.',
  ),
  row(
    'awaitCompareAndSwap',
    ['address', 'expected', 'replacement'],
    'read-write',
    'Compares and swaps again and again until the word equals the expected value, which it gives.',
  ),
  row('loadReserved', ['address'], 'read', 'Reads a word and reserves its line for this hart.'),
  row(
    'storeConditional',
    ['address', 'value'],
    'read-write',
    'Writes the word if the reservation still holds: gives 0, or 1 if it was lost. Clears the reservation.',
  ),
  row('fence', [], 'none', 'Orders all earlier accesses before all later ones; drains the store buffer.'),
  row('work', ['cycles'], 'none', 'Computes for so many cycles without touching memory.', 'operand'),
  row('pause', [], 'none', 'A spin-loop hint: one cycle in which the hart does nothing.', 0),
  row(
    'prefetch',
    ['address'],
    'read',
    'Brings the line into the cache without waiting for its value; never traps.',
  ),
  row(
    'flush',
    ['address'],
    'write',
    'Writes the line back to memory if this cache holds it dirty, and drops it.',
  ),
  row(
    'invalidate',
    ['address'],
    'write',
    'Drops the line from this cache without writing it back. In user mode it acts as flush.',
  ),
  row('zeroLine', ['address'], 'write', 'Writes zero to every word of the line (RISC-V Zicboz cbo.zero).'),
  row(
    'spinUntil',
    ['address', 'value'],
    'read',
    'Reads the word again and again until it equals the value; gives the value read.',
    0,
  ),
  row(
    'spinUntilNot',
    ['address', 'value'],
    'read',
    'Reads the word again and again until it differs from the value; gives the value read.',
    0,
  ),
  row(
    'spinUntilAny',
    ['address0', 'value0', 'address1', 'value1'],
    'read',
    'Reads two words in turn until one differs from its value; gives 0 or 1, naming which.',
    0,
  ),
  row(
    'send',
    ['node', 'address', 'words'],
    'read',
    'Sends up to 16 words, from a 64-byte aligned address on, to another node (cluster only).',
  ),
  row(
    'receive',
    ['address', 'words'],
    'write',
    'Waits for a message and stores up to so many of its words; gives sender + 65536 · words (cluster only).',
  ),
  row(
    'environmentCall',
    ['number', 'a0', 'a1', 'a2', 'a3', 'a4', 'a5'],
    'none',
    'Puts the arguments in a0–a5 and the number in a7, and traps to the kernel (RISC-V ecall).',
  ),
  row('addressOf', [], 'none', 'Gives the code address of a procedure (RISC-V la).'),
  privileged('csrRead', ['csr'], 'Gives the value of a control and status register.'),
  privileged('csrWrite', ['csr', 'value'], 'Writes a control and status register.'),
  privileged('csrSwap', ['csr', 'value'], 'Writes a control and status register; gives its old value.'),
  privileged(
    'fenceTranslations',
    ['address', 'asid'],
    'Drops this hart’s TLB entries for a page (-1: all) of an address space (-1: all) (RISC-V sfence.vma).',
  ),
  privileged('waitForInterrupt', [], 'Halts the hart until an enabled interrupt is pending (RISC-V wfi).'),
  privileged('supervisorReturn', [], 'Returns from the trap handler to the context in sepc (RISC-V sret).'),
  privileged('sendInterrupt', ['hart'], 'Raises the software interrupt of a hart.'),
  privileged(
    'createContext',
    ['entry', 'argument0', 'argument1'],
    'Makes a thread context that will begin at a code address with two argument words; gives its number, or 0 if the address is not code.',
  ),
  privileged(
    'switchContext',
    ['context'],
    'Goes on in another supervisor context; gives 0 when somebody switches back.',
  ),
  privileged(
    'freeContext',
    ['context'],
    'Frees a context that no hart executes; its number may be used again.',
  ),
  privileged(
    'saveRegisters',
    ['context', 'address'],
    'Stores the 32 register words of a context, one word at a time in one instruction.',
    32,
  ),
  privileged(
    'restoreRegisters',
    ['context', 'address'],
    'Loads the 32 register words of a context, one word at a time in one instruction.',
    32,
  ),
  privileged('panic', ['code'], 'Stops the machine: the supervisor found its own state broken.'),
] as const satisfies readonly OpRow[];

type OpName = (typeof OPS)[number]['name'];

/** Operation numbers by name: the index of the row. */
export const OP = Object.fromEntries(OPS.map((op, index) => [op.name, index])) as Readonly<
  Record<OpName, number>
>;

/** The name of an operation number, for messages and traces. */
export const opName = (op: number): string => OPS[op]?.name ?? `op ${op}`;
