/** Measures one form of the counter on a booted kernel: what an operation costs when all harts do it. */
import { type Code, OP } from '../../../hw/isa/index.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import { createCounter, swapCounter, useCounter } from '../../../kernel/counters/counter-object.ts';
import { localBase } from '../../../kernel/hart-local.ts';
import { DEGREE } from '../../../kernel/objects/degree.ts';
import { GARBAGE } from '../../../kernel/objects/limbo.ts';
import { deref } from '../../../kernel/objects/translation-table.ts';
import { STEP } from '../../../kernel/steps.ts';
import { configFor } from '../framework/bare-machine.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { generationSlot, inside } from '../framework/inside.ts';
import { KernelMachine } from '../framework/kernel-machine.ts';
import { type Form, type FormName, FORMS } from './forms.ts';

/** Operations before the measurement: as many as the policy needs to make up its mind. */
const WARM_UP = 100;
/** And then a few more at a time, until a change is over: what is measured is the state, not the change. */
const SETTLE = 10;
const MOST_SETTLING = 50;
/** The hart that begins to replace a counter does so after so many operations. */
const SWAP_AFTER = 10;

export function measureCounter(cell: Cell, settings: Settings): Row {
  const {
    machine: preset,
    form: name,
    operation,
    harts,
  } = cell as {
    readonly machine: string;
    readonly form: FormName;
    readonly operation: 'add' | 'read';
    readonly harts: number;
  };
  const form: Form = FORMS[name];
  const rounds = settings.parameters['rounds'] as number;
  const kernel = new KernelMachine(configFor(preset, { harts }, settings), form.options);
  const bench = new Bench(kernel, form, operation === 'add' ? 1 : 0);
  bench.make();
  const misses = bench.countMisses();
  bench.warmUp();
  const { cycles, counted } = bench.run(rounds);
  const missed = misses();
  return {
    perOperation: cycles / rounds,
    loads: bench.loadsOfOne(),
    invalidations: counted('invalidationsSent') / (rounds * harts),
    translationMisses: missed / harts,
    extraLoads: bench.extraLoads(),
    lost: bench.expected - bench.value(),
  };
}

class Bench {
  /** Additions that were made. */
  expected = 0;
  private ref = 0;
  private readonly slots: number[] = [];
  private readonly kernel: KernelMachine;
  private readonly form: Form;
  private readonly amount: number;

  constructor(kernel: KernelMachine, form: Form, amount: number) {
    this.kernel = kernel;
    this.form = form;
    this.amount = amount;
  }

  make(): void {
    const { classWord, degree } = this.form;
    this.kernel.run((hart) => this.prepare(hart, hart === 0 ? [classWord, degree] : undefined));
  }

  private *prepare(hart: number, counter: readonly [number, number] | undefined): Code {
    this.slots[hart] = yield* generationSlot();
    if (counter !== undefined) this.ref = yield* createCounter(yield* localBase(), ...counter);
  }

  warmUp(): void {
    this.kernel.run((hart) => this.use(hart, WARM_UP, this.form.swapped === true && hart === 0));
    for (
      let turn = 0;
      turn === 0 || (turn < MOST_SETTLING && this.kernel.machine.peek(GARBAGE) !== 0);
      turn++
    )
      this.kernel.run((hart) => this.use(hart, SETTLE, false));
  }

  run(rounds: number): ReturnType<KernelMachine['run']> {
    return this.kernel.run((hart) => this.use(hart, rounds, false));
  }

  private *use(hart: number, rounds: number, swaps: boolean): Code {
    const base = yield* localBase();
    const slot = this.slots[hart] as number;
    for (let round = 0; round < rounds; round++) {
      if (swaps && round === SWAP_AFTER) yield* inside(base, slot, this.swap(base));
      const { error } = yield* inside(base, slot, useCounter(base, this.ref, this.amount));
      if (error === 0) this.expected += this.amount;
    }
  }

  private *swap(base: number): Code {
    yield* swapCounter(base, this.ref, this.form.classWord, DEGREE.hart);
  }

  value(): number {
    let value = 0;
    const { ref, slots } = this;
    this.kernel.run(
      function* () {
        const base = yield* localBase();
        ({ value } = yield* inside(base, slots[0] as number, useCounter(base, ref, 0)));
      },
      [0],
    );
    return value;
  }

  /** Starts to count translation misses of the counter; the result stops it. */
  countMisses(): () => number {
    let count = 0;
    const detach = this.kernel.machine.trace.attach({
      event: (event) => {
        if (event.kind === 'enter' && event.step === STEP.objectMiss && event.object === this.ref) count++;
      },
    });
    return () => {
      detach();
      return count;
    };
  }

  /** Loads of one operation of hart 0, alone on the machine. */
  loadsOfOne(): number {
    const { ref, amount } = this;
    const used = this.loadsIn(function* () {
      yield* useCounter(yield* localBase(), ref, amount);
    });
    this.expected += amount;
    return used;
  }

  /** Accesses to memory with which a reference that hits is followed: more than a pointer needs. */
  extraLoads(): number {
    const { ref } = this;
    return this.loadsIn(function* () {
      yield* deref(ref);
    });
  }

  private loadsIn(program: () => Code): number {
    let count = 0;
    const event = (traced: TraceEvent): void => {
      if (traced.kind === 'instruction' && traced.op === OP.load) count++;
    };
    const detach = this.kernel.machine.trace.attach({ instructions: true, event });
    this.kernel.run(program, [0]);
    detach();
    return count;
  }
}
