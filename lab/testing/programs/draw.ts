/**
 * Draws user programs. Thread 0 maps memory at an address that all know, spawns the others as threads or as
 * processes, and goes on with operations of its own; most programs have a last thread that ends the process after
 * a while, whoever still waits for what.
 */
import { LIMIT, MAP, type SyscallRow, SYSCALLS } from '../../../kernel/abi/index.ts';
import { ARGUMENT_KINDS, garbage, KNOWN } from './argument-kinds.ts';
import { type Dice, happens, weighted } from './dice.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { type Row, ROWS, rowsOf } from './rows.ts';
import { Scope } from './scope.ts';
import type { Operation, UserProgram, Value } from './user-program.ts';

export interface Sizes {
  /** Threads at most. */
  readonly threads?: number;
  /** Operations of a thread at most, beside those that begin and end it. */
  readonly operations?: number;
  /** The system calls to draw from; by default all of the kernel's table. */
  readonly calls?: readonly SyscallRow[];
}

const DEFAULT_THREADS = 6;
const DEFAULT_OPERATIONS = 16;
/** Cycles after which the last thread ends everything. */
const DEADLINE = 300_000;

interface Choice {
  readonly row: Row;
  readonly weight: number;
}

/** Calls that only tell something, or that end their caller, are drawn less often. */
const weightOf = ({ arguments: { length }, gives }: SyscallRow): number =>
  length === 0 || gives === 'does not return' ? 1 : 3;

/** Of ten operations, how many are system calls. */
const CALLS_OF_TEN = 7;

export class ProgramDrawer {
  private readonly threads: number;
  private readonly operations: number;
  private readonly calls: readonly Choice[];
  private readonly instructions: readonly Choice[];
  private readonly rows: ReadonlyMap<string, Row>;

  constructor({ threads, operations, calls = SYSCALLS }: Sizes = {}) {
    this.threads = threads ?? DEFAULT_THREADS;
    this.operations = operations ?? DEFAULT_OPERATIONS;
    this.rows = new Map([...ROWS, ...rowsOf(calls)]);
    const choice = (name: string, weight: number): Choice => ({ row: this.rows.get(name) as Row, weight });
    this.calls = calls.map((call) => choice(call.name, weightOf(call)));
    this.instructions = INSTRUCTIONS.map(({ name, weight }) => choice(name, weight));
  }

  /** A program, by chance. */
  draw(dice: Dice): UserProgram {
    const count = 1 + dice.below(this.threads);
    const hasDeadline = count > 1 && happens(dice, 3, 4);
    return {
      threads: Array.from({ length: count }, (_, thread) =>
        hasDeadline && thread === count - 1 ? endsAll : this.drawThread(dice, thread, count),
      ),
    };
  }

  private drawThread(dice: Dice, thread: number, threads: number): Operation[] {
    const later = Array.from({ length: threads - 1 - thread }, (_, index) => thread + 1 + index);
    const operations = thread === 0 ? [mapsKnown(dice), ...later.map((other) => spawns(dice, other))] : [];
    // A process of its own has no memory of the others'.
    if (thread > 0 && happens(dice, 1, 4)) operations.push(mapsKnown(dice));
    const scope = new Scope(later);
    for (const operation of operations) scope.add(this.rows.get(operation.name) as Row, operation);
    for (let count = dice.below(this.operations + 1); count > 0; count--) {
      const { row } = weighted(dice, happens(dice, CALLS_OF_TEN, 10) ? this.calls : this.instructions);
      const operation = drawOperation(dice, row, scope);
      scope.add(row, operation);
      operations.push(operation);
    }
    // The end of the first thread would be everybody's.
    if (thread === 0 && happens(dice, 4, 5)) operations.push({ name: 'threadExit', arguments: [0] });
    return operations;
  }
}

const mapsKnown = (dice: Dice): Operation => {
  // With a disk below, faults take long, and others come in between.
  const backing = happens(dice, 1, 3) ? MAP.DISK : 0;
  const flags = MAP.READ | MAP.WRITE | MAP.FIXED | backing;
  return { name: 'mmap', arguments: [KNOWN.address, KNOWN.pages * LIMIT.PAGE, flags, 0] };
};

const endsAll: readonly Operation[] = [
  { name: 'sleep', arguments: [DEADLINE] },
  { name: 'exit', arguments: [0] },
];

const spawns = (dice: Dice, thread: number): Operation => ({
  name: happens(dice, 2, 3) ? 'threadSpawn' : 'spawn',
  arguments: [{ code: thread }, 0, -1],
});

const drawOperation = (dice: Dice, row: Row, scope: Scope): Operation => ({
  name: row.name,
  // An instruction with a bad address ends the process, so that most of them are good.
  arguments: row.arguments.map(({ kind }) => drawValue(dice, kind, scope, row.call === undefined ? 19 : 12)),
});

// DOC: draw-value
/** @param good of twenty, how many values make sense; of the others two thirds are at limits, one third garbage */
function drawValue(dice: Dice, kind: keyof typeof ARGUMENT_KINDS, scope: Scope, good: number): Value {
  const row = ARGUMENT_KINDS[kind];
  if (happens(dice, good, 20)) return row.valid(dice, scope);
  return happens(dice, 2, 3) ? (row.boundary[dice.below(row.boundary.length)] as number) : garbage(dice);
}
