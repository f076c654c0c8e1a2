/**
 * Instruction constructors.
 *
 * `yield load(a)` executes one instruction on the current hart. Every constructor fills the one
 * preallocated record and returns it: nothing is allocated per instruction, and the record is read by
 * the hart before anything else runs. It may appear only as the operand of `yield`.
 *
 * Values are 32-bit signed integers (`-1` is 0xffffffff); addresses are byte addresses.
 */
import { CSR, type CsrName } from './csr.ts';
import { OP, OPS } from './op.ts';
import type { Code } from './code.ts';

/** One instruction. The fields `a`…`g` are operands as the table in op.ts names them. */
export interface Instruction {
  op: number;
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
  g: number;
  /** The procedure that `call` pushes, or `addressOf` looks up. */
  code: unknown;
  /** For `call`: the step that the procedure is (a row of the kernel's step table), or 0. */
  step: number;
}

/** The record that all constructors fill. For the hart alone; programs use the constructors. */
export const theInstruction: Instruction = {
  op: 0,
  a: 0,
  b: 0,
  c: 0,
  d: 0,
  e: 0,
  f: 0,
  g: 0,
  code: null,
  step: 0,
};

const I = theInstruction;

/**
 * Zeroes the operands a, b and c that the operation in the record does not have: they are left over from some
 * earlier instruction, of any machine in this process, and must not be seen. Programs have no use for this.
 */
export function dropUnusedOperands(): void {
  const count = OPS[I.op]?.operands.length ?? 0;
  if (count < 1) I.a = 0;
  if (count < 2) I.b = 0;
  if (count < 3) I.c = 0;
}

const nullary = (op: number): Instruction => {
  I.op = op;
  return I;
};
const unary = (op: number, a: number): Instruction => {
  I.op = op;
  I.a = a | 0;
  return I;
};
const binary = (op: number, a: number, b: number): Instruction => {
  I.op = op;
  I.a = a | 0;
  I.b = b | 0;
  return I;
};
const ternary = (op: number, a: number, b: number, c: number): Instruction => {
  I.op = op;
  I.a = a | 0;
  I.b = b | 0;
  I.c = c | 0;
  return I;
};

/** Reads the word at `address`. */
export const load = (address: number): Instruction => unary(OP.load, address);
/** Reads the byte at `address`, zero-extended. */
export const load8 = (address: number): Instruction => unary(OP.load8, address);
/** Reads the half-word at `address`, zero-extended. */
export const load16 = (address: number): Instruction => unary(OP.load16, address);
/** Writes `value` to the word at `address`. */
export const store = (address: number, value: number): Instruction => binary(OP.store, address, value);
/** Writes the low byte of `value`. */
export const store8 = (address: number, value: number): Instruction => binary(OP.store8, address, value);
/** Writes the low half-word of `value`. */
export const store16 = (address: number, value: number): Instruction => binary(OP.store16, address, value);
/** Sets the word to 1 and gives its old value, atomically. */
export const testAndSet = (address: number): Instruction => unary(OP.testAndSet, address);
/** Swaps the word for `value` and gives its old value, atomically. */
export const fetchAndStore = (address: number, value: number): Instruction =>
  binary(OP.fetchAndStore, address, value);
/** Adds `addend` to the word and gives its old value, atomically. */
export const fetchAndAdd = (address: number, addend: number): Instruction =>
  binary(OP.fetchAndAdd, address, addend);
/** Replaces the word by `replacement` if it equals `expected`; gives its old value either way. */
export const compareAndSwap = (address: number, expected: number, replacement: number): Instruction =>
  ternary(OP.compareAndSwap, address, expected, replacement);
/**
 * Tests and sets the word until it was not 1; gives its old value. In time each attempt is made; in a search of
 * schedules a failed one, which changes nothing, is not tried again until the word has changed.
 */
export const awaitTestAndSet = (address: number): Instruction => unary(OP.awaitTestAndSet, address);
/** Compares and swaps until the word equals `expected`; as `awaitTestAndSet`. */
export const awaitCompareAndSwap = (address: number, expected: number, replacement: number): Instruction =>
  ternary(OP.awaitCompareAndSwap, address, expected, replacement);
/** Reads a word and reserves its line. */
export const loadReserved = (address: number): Instruction => unary(OP.loadReserved, address);
/** Writes a word if the reservation holds; gives 0 on success, 1 on failure. */
export const storeConditional = (address: number, value: number): Instruction =>
  binary(OP.storeConditional, address, value);
/** Orders earlier accesses before later ones. */
export const fence = (): Instruction => nullary(OP.fence);
/** Computes for `cycles` cycles. */
export const work = (cycles: number): Instruction => unary(OP.work, cycles);
/** A spin-loop hint. */
export const pause = (): Instruction => nullary(OP.pause);
/** Brings a line into the cache. */
export const prefetch = (address: number): Instruction => unary(OP.prefetch, address);
/** Writes a line back and drops it from this cache. */
export const flush = (address: number): Instruction => unary(OP.flush, address);
/** Drops a line from this cache; in user mode it acts as `flush`. */
export const invalidate = (address: number): Instruction => unary(OP.invalidate, address);
/** Zeroes the line that holds `address`. */
export const zeroLine = (address: number): Instruction => unary(OP.zeroLine, address);
/** Spins until the word equals `value`. Costs the host nothing while the line stays in the cache. */
export const spinUntil = (address: number, value: number): Instruction =>
  binary(OP.spinUntil, address, value);
/** Spins until the word differs from `value`; gives what was read then. */
export const spinUntilNot = (address: number, value: number): Instruction =>
  binary(OP.spinUntilNot, address, value);
/** Spins until one of two words differs from its value; gives 0 or 1, naming which. */
export const spinUntilAny = (
  address0: number,
  value0: number,
  address1: number,
  value1: number,
): Instruction => {
  I.d = value1 | 0;
  return ternary(OP.spinUntilAny, address0, value0, address1);
};
/** Sends `words` words (1 to 16) from `address` (64-byte aligned) on to another node of a cluster. */
export const send = (node: number, address: number, words: number): Instruction =>
  ternary(OP.send, node, address, words);
/** Waits for a message and stores up to `words` words of it at `address`; gives sender + 65536 · words. */
export const receive = (address: number, words: number): Instruction => binary(OP.receive, address, words);
/** Traps to the kernel with up to six argument words. */
export const environmentCall = (
  number: number,
  a0 = 0,
  a1 = 0,
  a2 = 0,
  a3 = 0,
  a4 = 0,
  a5 = 0,
): Instruction => {
  I.d = a2 | 0;
  I.e = a3 | 0;
  I.f = a4 | 0;
  I.g = a5 | 0;
  return ternary(OP.environmentCall, number, a0, a1);
};
/**
 * Gives the code address of `procedure`, so that it can be passed as a word (the start of a thread, a
 * trap vector). It must be declared at the top level of a module: a closure over data of one run would
 * smuggle state past the emulated memory.
 */
export const addressOf = (procedure: (...words: number[]) => Code<number | void>): Instruction => {
  I.code = procedure;
  return nullary(OP.addressOf);
};

/** Reads a control and status register. */
export const csrRead = (csr: CsrName): Instruction => unary(OP.csrRead, CSR[csr]);
/** Writes a control and status register. */
export const csrWrite = (csr: CsrName, value: number): Instruction => binary(OP.csrWrite, CSR[csr], value);
/** Writes a control and status register and gives its old value. */
export const csrSwap = (csr: CsrName, value: number): Instruction => binary(OP.csrSwap, CSR[csr], value);
/** Drops TLB entries of this hart: of one page or all (-1), of one address space or all (-1). */
export const fenceTranslations = (address = -1, asid = -1): Instruction =>
  binary(OP.fenceTranslations, address, asid);
/** Halts until an enabled interrupt is pending. */
export const waitForInterrupt = (): Instruction => nullary(OP.waitForInterrupt);
/** Returns from a trap. */
export const supervisorReturn = (): Instruction => nullary(OP.supervisorReturn);
/** Raises the software interrupt of `hart`. */
export const sendInterrupt = (hart: number): Instruction => unary(OP.sendInterrupt, hart);
/** Makes a context that begins at code address `entry`; gives its number, or 0. */
export const createContext = (entry: number, argument0 = 0, argument1 = 0): Instruction =>
  ternary(OP.createContext, entry, argument0, argument1);
/** Goes on in another supervisor context. */
export const switchContext = (context: number): Instruction => unary(OP.switchContext, context);
/** Frees a context. */
export const freeContext = (context: number): Instruction => unary(OP.freeContext, context);
/** Stores the register words of `context` at `address` (128 bytes, word-aligned). */
export const saveRegisters = (context: number, address: number): Instruction =>
  binary(OP.saveRegisters, context, address);
/** Loads the register words of `context` from `address` (128 bytes, word-aligned). */
export const restoreRegisters = (context: number, address: number): Instruction =>
  binary(OP.restoreRegisters, context, address);
/** Stops the machine with a panic code. */
export const panic = (code: number): Instruction => unary(OP.panic, code);

/**
 * Says something about the program to whoever looks on (a detector, a search of schedules, a trace). It is no
 * instruction: no cycle passes, no step is taken, nothing of the machine changes.
 * @param kind a row of the table in mark.ts, which also says what the operands mean
 */
export const mark = (kind: number, a = 0, b = 0): Instruction => ternary(OP.mark, kind, a, b);
