/**
 * A bug of the zoo: a small program without a kernel in a faulty form and its correct twin, which differ in
 * nothing else. All that harts share lies in emulated memory; waiting is by `spinUntil` and the awaited
 * atomic instructions, which a search of schedules parks, so every form has finitely many executions.
 *
 * A bug is a program, so that `eddy explore --bare FILE` finds it, and with `--set correct=1` finds nothing.
 */
import { type Code, fetchAndAdd } from '../../hw/isa/index.ts';
import { type Program, program } from '../../userland/index.ts';

/** How a bug shows: harts wait for ever, or a check during or after the run fails. */
export type Shows = 'deadlock' | 'assertion';

/**
 * Machines that a bug may need: the stores of each hart in a buffer; caches that the hardware does not keep
 * coherent. Otherwise sequentially consistent.
 */
export type Needs = 'store buffers' | 'no coherence';

/** What the harts execute. */
export interface Form {
  code(hart: number): Code;
  /** What the last hart to finish looks at. */
  end?(): Code;
}

interface Definition {
  readonly id: string;
  readonly title: string;
  /** What is wrong, in a sentence. */
  readonly wrong: string;
  readonly shows: Shows;
  /** The fewest preemptions that show it in a model of nothing but the steps that matter. */
  readonly modelPreemptions: number;
  /** By default 2. */
  readonly harts?: number;
  readonly needs?: Needs;
  /** Words that are not zero at the start, by address. */
  readonly initially?: Readonly<Record<number, number>>;
  readonly faulty: Form;
  readonly correct: Form;
}

export interface Bug
  extends Program,
    Pick<Definition, 'id' | 'title' | 'wrong' | 'shows' | 'modelPreemptions'> {
  readonly harts: number;
  readonly runsOn: Needs | undefined;
}

/** Where the memory begins that harts share without a kernel. */
export const MEMORY = 0x1_0000;
const FINISHED = MEMORY + 4096;

/** The address of a word that has a cache line of its own. */
export const word = (index: number): number => MEMORY + 64 * index;

/** Ends the execution as failed unless the condition holds. */
export function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

function* execute({ code, end }: Form, hart: number, harts: number): Code {
  yield* code(hart);
  if (end !== undefined && (yield fetchAndAdd(FINISHED, 1)) === harts - 1) yield* end();
}

export const bug = ({ initially = {}, harts = 2, faulty, correct, needs, ...what }: Definition): Bug => {
  const data = Object.entries(initially).map(([address, value]) => [Number(address) - MEMORY, value]);
  return {
    ...program({
      name: what.id,
      summary: what.title,
      parameters: { correct: { summary: '1: the correct twin', default: 0, min: 0, max: 1 } },
      *main() {},
      *bare(env, words) {
        yield* execute(words.correct ? correct : faulty, env.hart(), harts);
      },
      bareData: Object.fromEntries(data),
      bareCaches: true,
    }),
    ...what,
    harts,
    runsOn: needs,
  };
};
