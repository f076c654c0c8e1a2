/**
 * The pipelines of multithreaded cores: a core issues for one of its harts at a time, so that harts which
 * compute slow each other, while one hart's miss is hidden by what the others do meanwhile.
 *
 * An instruction has the pipeline for as many cycles as its row in isa/op.ts says (`slots`): mostly 1, however
 * long memory takes to answer; for `work`, what it computes, in turns of `timing.turn` cycles. A hart that finds
 * the pipeline taken tries again when it is free; of those that wait then, the one that has not had it for longest.
 * Spins, `pause` and harts that halt take no slots (as with the instructions by which a hart waits for a line:
 * x86's monitor/mwait, RISC-V's Zawrs). Under an arbiter time says nothing, and nobody waits.
 */
import { COUNTER, type Counters } from '../counters.ts';
import { theInstruction } from '../isa/instruction.ts';
import { OPS } from '../isa/op.ts';
import { ACTIVITY, type HartState } from './hart-state.ts';
import type { StoreBuffers } from './store-buffers.ts';

/** Stands for as many slots as the first operand says. */
const OPERAND = -1;
const SLOTS = Int32Array.from(OPS, ({ slots }) => (slots === 'operand' ? OPERAND : slots));

export class IssueSlots {
  /** When each core's pipeline is free again. */
  private readonly freeAt: Float64Array;
  /** When each hart had the pipeline last. */
  private readonly hadAt: Float64Array;
  /** 1 for a hart that was refused since. */
  private readonly refused: Uint8Array;
  private readonly harts: HartState;
  private readonly counters: Counters;
  private readonly clockwork: Pick<StoreBuffers, 'timed'>;
  private readonly turn: number;

  /**
   * @param clockwork says whether time decides who acts
   * @param turn the longest computation at a stretch, in cycles
   */
  constructor(harts: HartState, counters: Counters, clockwork: Pick<StoreBuffers, 'timed'>, turn: number) {
    this.freeAt = new Float64Array(harts.cores);
    this.hadAt = new Float64Array(harts.count).fill(-1);
    this.refused = new Uint8Array(harts.count);
    this.harts = harts;
    this.counters = counters;
    this.clockwork = clockwork;
    this.turn = turn;
  }

  // DOC: issue
  /** Gives the instruction in the record its slots; false if the hart must wait: its clock has moved on. */
  admits(hart: number): boolean {
    const slots = SLOTS[theInstruction.op] as number;
    if (slots === 0 || !this.clockwork.timed) {
      this.refused[hart] = 0;
      return true;
    }
    const { clock, core } = this.harts;
    const own = core[hart] as number;
    const now = clock[hart] as number;
    const free = this.freeAt[own] as number;
    if (free > now) return this.refuse(hart, free);
    if (this.othersFirst(own, hart, now)) return this.refuse(hart, now + 1);
    const taken = slots === OPERAND ? this.turnOf(Math.max(1, theInstruction.a)) : slots;
    this.counters.add(hart, COUNTER.issueSlots, taken);
    this.freeAt[own] = now + taken;
    this.hadAt[hart] = now;
    this.refused[hart] = 0;
    return true;
  }

  /** How much of a computation is done before another hart of the core may have its turn. */
  turnOf(cycles: number): number {
    return this.clockwork.timed ? Math.min(cycles, this.turn) : cycles;
  }

  private refuse(hart: number, until: number): false {
    const { clock } = this.harts;
    this.counters.add(hart, COUNTER.issueWaitCycles, until - (clock[hart] as number));
    clock[hart] = until;
    this.refused[hart] = 1;
    return false;
  }

  /** Whether a hart of the core that was refused is due at this cycle, too, and has waited longer. */
  private othersFirst(core: number, hart: number, now: number): boolean {
    const { clock, activity } = this.harts;
    const had = this.hadAt[hart] as number;
    for (let other = this.harts.firstHartOf(core); other < this.harts.endHartOf(core); other++) {
      const waits = this.refused[other] === 1 && clock[other] === now && activity[other] === ACTIVITY.ready;
      if (waits && (this.hadAt[other] as number) < had) return true;
    }
    return false;
  }
}
