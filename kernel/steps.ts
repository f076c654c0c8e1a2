/**
 * Steps: the named procedures that traces show as spans, with cycles and misses. `step(STEP.x, object, …)`
 * runs one; the row's index is its number. `object` is the reference or address that the row says.
 */
import { SYSCALLS } from './abi/syscalls.ts';
import { MEMORY_STEPS } from './steps/memory-steps.ts';
import { OBJECT_STEPS } from './steps/object-steps.ts';
import type { StepRow } from './steps/step-row.ts';
import { THREAD_STEPS } from './steps/thread-steps.ts';
import { TRAP_STEPS } from './steps/trap-steps.ts';

export type { StepKind, StepRow } from './steps/step-row.ts';

const KERNEL_STEPS = [...TRAP_STEPS, ...MEMORY_STEPS, ...OBJECT_STEPS, ...THREAD_STEPS] as const;

type StepName = (typeof KERNEL_STEPS)[number]['key'];

/** Steps of system calls begin here: FIRST_SYSCALL_STEP + index in SYSCALLS; the last one is for bad numbers. */
export const FIRST_SYSCALL_STEP = KERNEL_STEPS.length;

/** Step numbers by name. */
export const STEP = Object.freeze(
  Object.fromEntries(KERNEL_STEPS.map((row, index) => [row.key, index])),
) as Readonly<Record<StepName, number>>;

/** All steps; a row's index is its number. */
export const STEPS: readonly StepRow[] = Object.freeze([
  ...KERNEL_STEPS.map(({ name, kind, summary }, id) => ({ id, name, kind, summary })),
  ...SYSCALLS.map(({ name, summary }, index) => ({
    id: FIRST_SYSCALL_STEP + index,
    name,
    kind: 'syscall' as const,
    summary,
  })),
  {
    id: FIRST_SYSCALL_STEP + SYSCALLS.length,
    name: 'no system call',
    kind: 'syscall',
    summary: 'A number without a system call: ENOSYS.',
  },
]);

/** The step of a system call by its number. */
export const syscallStep = (number: number): number => {
  const index = SYSCALLS.findIndex((row) => row.number === number);
  return FIRST_SYSCALL_STEP + (index < 0 ? SYSCALLS.length : index);
};
