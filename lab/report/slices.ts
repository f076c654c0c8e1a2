/**
 * What the harts of a run under the kernel did, from the trace: which thread ran on which hart from when to when, what
 * its caches missed meanwhile, and the jobs that its marks tell of. Host side; changes nothing.
 */
import { COUNTER } from '../../hw/counters.ts';
import { MARK } from '../../hw/isa/index.ts';
import type { Machine } from '../../hw/machine.ts';
import type { TraceEvent, TraceSink } from '../../hw/trace/event.ts';
import { STEP, threadAt } from '../../kernel/index.ts';

/** A thread on a hart, from being dispatched to giving the hart away. */
export interface Slice {
  readonly hart: number;
  readonly process: number;
  readonly thread: number;
  readonly start: number;
  readonly end: number;
  /** First-level misses of the hart meanwhile, and the cycles that memory took. */
  readonly misses: number;
  readonly stall: number;
}

/** A job, as `mark` told of it. */
export interface Job {
  readonly process: number;
  readonly thread: number;
  /** Where it ended. */
  readonly hart: number;
  readonly ready: number;
  readonly begun: number;
  readonly ended: number;
}

export interface Period {
  readonly from: number;
  readonly to: number;
}

type Open = Omit<Slice, 'end'>;

export class SliceRecorder implements TraceSink {
  readonly slices: Slice[] = [];
  readonly jobs: Job[] = [];
  private readonly machine: Machine;
  private readonly open: (Open | undefined)[];
  private readonly pending = new Map<string, { ready: number; begun: number }>();
  /** When the first job was told of. */
  firstJobAt: number | undefined;
  private from: number | undefined;
  private to: number | undefined;

  constructor(machine: Machine) {
    this.machine = machine;
    this.open = Array.from({ length: machine.harts }, () => undefined);
    machine.trace.attach(this);
  }

  /** What is measured: what the program marked as such, or all. */
  get period(): Period {
    return { from: this.from ?? 0, to: this.to ?? this.machine.now() };
  }

  /** Ends the slices that are open: the run is over. */
  close(): void {
    for (const [hart] of this.open.entries()) this.end(hart, this.machine.clock(hart));
  }

  event(event: TraceEvent): void {
    if (event.kind === 'enter') {
      if (event.step === STEP.dispatch || event.step === STEP.handOver)
        this.begin(event.hart, event.object, event.cycle);
      else if (event.step === STEP.undispatch) this.end(event.hart, event.cycle);
    } else if (event.kind === 'mark' && event.user) {
      this.marked(event.mark, event.a, event.hart, event.cycle);
    }
  }

  private begin(hart: number, record: number, start: number): void {
    this.end(hart, start);
    const { process, thread } = threadAt(this.machine, record);
    const counters = this.machine.counters.raw(hart);
    this.open[hart] = {
      hart,
      process,
      thread,
      start,
      misses: counters[COUNTER.l1Misses] as number,
      stall: counters[COUNTER.stallCycles] as number,
    };
  }

  private end(hart: number, end: number): void {
    const slice = this.open[hart];
    if (slice === undefined) return;
    this.open[hart] = undefined;
    const counters = this.machine.counters.raw(hart);
    const misses = (counters[COUNTER.l1Misses] as number) - slice.misses;
    const stall = (counters[COUNTER.stallCycles] as number) - slice.stall;
    this.slices.push({ ...slice, end, misses, stall });
  }

  private marked(mark: number, cycles: number, hart: number, cycle: number): void {
    if (mark === MARK.jobReady) this.firstJobAt ??= cycle;
    if (mark === MARK.periodBegun) this.from ??= cycle;
    if (mark === MARK.periodEnded) this.to ??= cycle;
    const slice = this.open[hart];
    if (slice === undefined) return;
    const { process, thread } = slice;
    const key = `${process}.${thread}`;
    const job = this.pending.get(key);
    if (mark === MARK.jobReady) this.pending.set(key, { ready: cycle + cycles, begun: cycle });
    else if (job === undefined) return;
    else if (mark === MARK.jobBegun) job.begun = cycle;
    else if (mark === MARK.jobEnded) {
      this.jobs.push({ process, thread, hart, ready: job.ready, begun: job.begun, ended: cycle });
      this.pending.delete(key);
    }
  }
}
