/**
 * How long a destroyed object stays, while every hart always has somebody inside the kernel: two callers take turns, and
 * each goes in before the other leaves, as threads do that sleep there. Some of them hold the object.
 */
import { type Code, load, MARK, work } from '../../../hw/isa/index.ts';
import type { TraceEvent, TraceSink } from '../../../hw/trace/event.ts';
import { CLASS } from '../../../kernel/classes.ts';
import { createCounter } from '../../../kernel/counters/counter-object.ts';
import { HART, localBase } from '../../../kernel/hart-local.ts';
import { Reader } from '../../../kernel/index.ts';
import { DEGREE } from '../../../kernel/objects/degree.ts';
import { enterGeneration, leaveGeneration } from '../../../kernel/objects/generations.ts';
import { destroyObject } from '../../../kernel/objects/object.ts';
import { serveToken } from '../../../kernel/objects/token.ts';
import { deref, tryDeref } from '../../../kernel/objects/translation-table.ts';
import { configFor } from '../framework/bare-machine.ts';
import type { Row, Settings } from '../framework/experiment.ts';
import { generationSlot } from '../framework/inside.ts';
import { KernelMachine } from '../framework/kernel-machine.ts';

/** Cycles that a caller stays inside before the next one comes. */
const STAY = 200;
/** Turns after which the object is destroyed. */
const DESTROY_AFTER = 5;

export function measureLifetime(scheme: string, harts: number, settings: Settings): Row {
  const turns = settings.parameters['turns'] as number;
  const generations = scheme === 'one count' ? 1 : 2;
  const kernel = new KernelMachine(configFor('cc-numa', { harts }, settings), {
    'objects.generations': generations,
  });
  const lifetime = new Lifetime(kernel, turns);
  kernel.run((hart) => lifetime.prepare(hart));
  kernel.machine.trace.attach(lifetime);
  kernel.run((hart) => lifetime.live(hart));
  return lifetime.row();
}

class Lifetime implements TraceSink {
  private ref = 0;
  private rep = 0;
  private destroyedAt = 0;
  private freedAt = 0;
  private touched = 0;
  private holds = 0;
  private passed = 0;
  private readonly began: number[] = [];
  private readonly slots: number[][] = [];
  private readonly kernel: KernelMachine;
  private readonly turns: number;

  constructor(kernel: KernelMachine, turns: number) {
    this.kernel = kernel;
    this.turns = turns;
  }

  *prepare(hart: number): Code {
    this.slots[hart] = [yield* generationSlot(), yield* generationSlot()];
    if (hart !== 0) return;
    this.ref = yield* createCounter(yield* localBase(), CLASS.counterPartitioned, DEGREE.hart);
    this.rep = yield* deref(this.ref);
  }

  *live(hart: number): Code {
    const local = yield* localBase();
    const slots = this.slots[hart] as number[];
    let held = 0;
    for (let turn = 0; turn < this.turns; turn++) {
      const comes = slots[turn % 2] as number;
      const goes = slots[(turn + 1) % 2] as number;
      yield* enterGeneration(local, comes);
      const rep = yield* tryDeref(this.ref);
      yield work(STAY);
      // The one that goes uses what it has held since before the other came.
      if (held !== 0) {
        this.holds++;
        if ((yield load(held)) !== CLASS.counterPartitioned) this.touched++;
      }
      held = rep;
      if (turn > 0) yield* leaveGeneration(local, goes);
      yield* serveToken(local);
      if (hart === 0 && turn === DESTROY_AFTER) yield* this.destroy(local);
    }
    yield* leaveGeneration(local, slots[(this.turns - 1) % 2] as number);
  }

  private *destroy(local: number): Code {
    const reader = new Reader(this.kernel.machine);
    for (const [hart, base] of reader.locals().entries())
      this.began[hart] = reader.word(base + HART.generation);
    this.destroyedAt = this.kernel.machine.now();
    yield* destroyObject(local, this.ref);
  }

  /** Notices that a representative is freed, and how many generations have passed by then. */
  event(event: TraceEvent): void {
    if (event.kind !== 'mark' || event.mark !== MARK.freed || event.a !== this.rep) return;
    this.freedAt = event.cycle;
    const reader = new Reader(this.kernel.machine);
    const passed = reader
      .locals()
      .map((base, hart) => reader.word(base + HART.generation) - (this.began[hart] as number));
    this.passed = Math.max(...passed);
  }

  row(): Row {
    const isFreed = this.freedAt !== 0;
    return {
      touched: this.touched,
      holds: this.holds,
      freed: isFreed ? 1 : 0,
      cycles: isFreed ? this.freedAt - this.destroyedAt : null,
      generations: isFreed ? this.passed : null,
    };
  }
}
