/**
 * A bug of the zoo: a small program for a bare machine in a faulty form and its correct twin, which differ
 * in nothing else. All that harts share lies in emulated memory; waiting is by `spinUntil` and the awaited
 * atomic instructions, which a search of schedules parks, so every form has finitely many executions.
 */
import { type Code, panic } from '../../hw/isa/index.ts';
import { Machine } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import type { Subject } from '../../lab/explore/subject.ts';

/** How a bug shows: harts wait for ever, or a check during or after the run fails. */
export type Shows = 'deadlock' | 'assertion';

export interface Bug {
  readonly id: string;
  readonly name: string;
  /** What is wrong, in a sentence. */
  readonly wrong: string;
  readonly shows: Shows;
  /** The fewest preemptions that show it in a model of nothing but the steps that matter. */
  readonly modelPreemptions: number;
  readonly harts: number;
  readonly faulty: Subject;
  readonly correct: Subject;
}

/** What the harts execute, and what must hold. */
interface Bare {
  readonly harts: number;
  program(hart: number): Code;
  /** Words that are not zero at the start, by address. */
  readonly initially?: Readonly<Record<number, number>>;
  /** Whether all is well when every hart has finished. */
  holds?(machine: Machine): boolean;
  /** Stores that each hart's buffer takes. */
  readonly storeBuffer?: number;
}

const SMALL = {
  memoryPerNode: 1 << 20,
  l1: { size: 1024, ways: 2, line: 64 },
  disk: { blocks: 8, seek: 0, transfer: 1 },
} as const;
const STEPS = 2000;

/** The address of a word that has a cache line of its own. */
export const word = (index: number): number => 0x1000 + 64 * index;

/** A program on a bare machine, to be searched. */
export const bare = ({ harts, program, initially = {}, holds, storeBuffer = 0 }: Bare): Subject => ({
  steps: STEPS,
  start() {
    const machine = new Machine(presetConfig('smp', { harts, set: { ...SMALL, storeBuffer } }));
    for (const [address, value] of Object.entries(initially)) machine.poke(Number(address), value);
    for (let hart = 0; hart < harts; hart++) machine.start(hart, program, hart);
    return {
      machine,
      judge({ kind }) {
        if (kind === 'deadlock') return { invariant: 'deadlock', message: 'harts wait for ever' };
        if (kind === 'panic') return { invariant: 'assertion', message: 'a hart found a check violated' };
        if (kind !== 'finished') return { invariant: kind, message: kind };
        if (holds === undefined || holds(machine)) return undefined;
        return { invariant: 'assertion', message: 'the check at the end failed' };
      },
    };
  },
});

/** Ends the execution as failed unless the condition holds. */
export function* check(holds: boolean): Code {
  if (!holds) yield panic(1);
}
