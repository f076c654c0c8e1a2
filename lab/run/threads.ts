/** Who runs, and who waits for what: the words of messages about runs that did not end. */
import type { Machine } from '../../hw/machine.ts';
import { OP } from '../../hw/isa/op.ts';
import { syscallName } from '../../kernel/abi/syscalls.ts';
import { describeWait, inspectThreads, type ThreadReport, whoIs } from '../../kernel/index.ts';
import { describePending, hartWaits } from './pending.ts';
import type { RunPlan } from './plan.ts';

/** Somebody who does not get on. */
export interface ThreadWait {
  readonly hart: number;
  readonly process?: number;
  readonly thread?: number;
  /** A sentence that names it, and what it waits for. */
  readonly text: string;
  /** Whether it will go on by itself: the clock or the disk wakes it. */
  readonly willWake: boolean;
}

const WAKES_BY_ITSELF: ReadonlySet<string> = new Set(['sleep', 'disk']);

/** What every thread waits for; without a kernel, every hart. */
export function threadWaits(machine: Machine, bare: boolean): ThreadWait[] {
  if (bare) return hartWaits(machine);
  return inspectThreads(machine)
    .filter((report) => report.state !== 'ended' && report.state !== 'embryo')
    .map((report) => {
      const { hart, process, thread, waits } = report;
      const willWake = waits !== undefined && WAKES_BY_ITSELF.has(waits.for);
      return { hart, process, thread, text: describeThread(machine, report), willWake };
    });
}

/** A thread that runs, or could, and yet does not get on: mostly it spins, in its program or in the kernel. */
function describeThread(machine: Machine, report: ThreadReport): string {
  if (report.waits !== undefined) return describeWait(report);
  const { process, thread, hart, state, userContext, kernelContext } = report;
  const who = `process ${process} thread ${thread} on hart ${hart}`;
  // A spin in the program comes first: the kernel only lets such threads take turns.
  const isSpinning = SPINS.has(machine.context(userContext)?.pendingInstruction?.op ?? -1);
  const inKernel = machine.currentContext(hart) === kernelContext;
  if (isSpinning || (state === 'running' && !inKernel))
    return `${who} ${describePending(machine, userContext)}`;
  if (!inKernel) return `${who} waits for its turn`;
  const call = machine.context(userContext)?.pendingInstruction;
  const what =
    call?.op === OP.environmentCall ? `in the system call ${syscallName(call.a)}` : 'in the kernel';
  return `${who} is ${what}, where it ${describePending(machine, kernelContext)}`;
}

const SPINS: ReadonlySet<number> = new Set([OP.spinUntil, OP.spinUntilNot, OP.spinUntilAny]);

/** Whoever executes a context, in words. */
export function whoRuns(machine: Machine, plan: RunPlan, context: number, hart: number): string {
  const { name } = plan.program;
  if (plan.bare) return `${name} on hart ${hart}`;
  const owner = whoIs(machine, context);
  switch (owner.kind) {
    case 'user':
      return `${name} (process ${owner.process}, thread ${owner.thread}, hart ${owner.hart})`;
    case 'kernel':
      return `the kernel on hart ${owner.hart}, for process ${owner.process} thread ${owner.thread} of ${name}`;
    case 'dispatcher':
      return `the dispatcher of hart ${owner.hart}`;
    case 'unknown':
      return `the kernel on hart ${hart}`;
  }
}
