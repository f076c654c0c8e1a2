/** Looks on while a schedule is executed, and keeps the last steps of each hart in words. */
import { CONSOLE, DEVICE_BASE } from '../../hw/address-map.ts';
import { OP, opName, OPS } from '../../hw/isa/op.ts';
import type { Machine } from '../../hw/machine.ts';
import type { Arbiter } from '../../hw/sequencer/arbiter.ts';
import type { TraceEvent } from '../../hw/trace/event.ts';

/** A step of a hart. */
export interface NarratedStep {
  readonly step: number;
  readonly text: string;
}

const KEPT = 6;
const PRINTS = 'prints ';

const READS_WORD: ReadonlySet<number> = new Set([
  OP.load,
  OP.testAndSet,
  OP.fetchAndStore,
  OP.fetchAndAdd,
  OP.compareAndSwap,
  OP.awaitTestAndSet,
  OP.awaitCompareAndSwap,
  OP.loadReserved,
  OP.spinUntil,
  OP.spinUntilNot,
]);

export class LastSteps {
  private readonly harts: NarratedStep[][] = [];

  /** The last steps of each hart, by its number. */
  get perHart(): readonly (readonly NarratedStep[])[] {
    return this.harts;
  }

  /** Stands between a machine, before it has run, and the arbiter. */
  around(arbiter: Arbiter, machine: Machine): Arbiter {
    let now = 0;
    this.harts.push(...Array.from({ length: machine.harts }, () => []));
    machine.trace.attach({
      instructions: true,
      event: (event) => {
        if (event.kind === 'instruction') this.note(event.hart, now, inWords(event, machine));
      },
    });
    return {
      choose: (runnable, step) => {
        now = step;
        const actor = arbiter.choose(runnable, step);
        if (actor !== undefined && actor >= machine.harts) {
          const { hart, text } = besides(actor, machine);
          this.note(hart, step, text);
        }
        return actor;
      },
    };
  }

  private note(hart: number, step: number, text: string): void {
    const steps = this.harts[hart] as NarratedStep[];
    const last = steps.at(-1);
    // A line is printed byte by byte, and read as a whole.
    if (last?.text.startsWith(PRINTS) && text.startsWith(PRINTS)) {
      steps[steps.length - 1] = { step: last.step, text: last.text + text.slice(PRINTS.length) };
      return;
    }
    steps.push({ step, text });
    if (steps.length > KEPT) steps.shift();
  }
}

/** What an actor that is no hart does, and to which hart it is told. */
function besides(actor: number, machine: Machine): { hart: number; text: string } {
  const { kind, number } = machine.actors.at(actor);
  const firstOf = (node: number): number =>
    Array.from({ length: machine.harts }, (_, hart) => hart).find((hart) => machine.nodeOf(hart) === node) ??
    0;
  switch (kind) {
    case 'hart':
    case 'drain':
      return { hart: number, text: 'its oldest buffered store reaches memory' };
    case 'timer':
      return { hart: number, text: 'its timer comes' };
    case 'interrupt':
      return { hart: number, text: 'a software interrupt reaches it' };
    case 'disk':
      return { hart: firstOf(number), text: `(the disk of node ${number} completes a request)` };
    case 'message': {
      const to = number % machine.actors.nodes;
      return { hart: firstOf(to), text: `(a message reaches node ${to})` };
    }
  }
}

type Executed = Extract<TraceEvent, { kind: 'instruction' }>;

const hex = (word: number): string => `0x${(word >>> 0).toString(16)}`;

const printed = (byte: number): string => (byte === 10 ? '⏎' : String.fromCharCode(byte & 0xff));

const WORDS: Readonly<Record<number, (step: Executed) => string>> = {
  [OP.load]: ({ a }) => `loads ${hex(a)}`,
  [OP.store]: ({ a, b }) => `stores ${b} to ${hex(a)}`,
  [OP.testAndSet]: ({ a }) => `tests and sets ${hex(a)}`,
  [OP.fetchAndStore]: ({ a, b }) => `swaps ${hex(a)} for ${b}`,
  [OP.fetchAndAdd]: ({ a, b }) => `adds ${b} to ${hex(a)}`,
  [OP.compareAndSwap]: ({ a, b, c }) => `compares ${hex(a)} with ${b} and swaps it for ${c}`,
  [OP.spinUntil]: ({ a, b }) => `waits until ${hex(a)} is ${b}`,
  [OP.spinUntilNot]: ({ a, b }) => `waits until ${hex(a)} is no longer ${b}`,
  [OP.work]: ({ a }) => `computes for ${a} cycles`,
};

function inWords(step: Executed, machine: Machine): string {
  if (step.op === OP.store && step.a === CONSOLE.DATA) return PRINTS + printed(step.b);
  const words = WORDS[step.op]?.(step) ?? generally(step);
  const found = wordFound(step, machine);
  return found === undefined ? words : `${words}, finds ${found}`;
}

/** The operation's name, and as many of its operands as an event has. */
function generally(step: Executed): string {
  const operands = [step.a, step.b, step.c].slice(0, OPS[step.op]?.operands.length ?? 0);
  return [opName(step.op), operands.join(', ')].join(' ').trimEnd();
}

/** The word that is about to be read, where it can be seen from outside: not in store buffers or stale caches. */
function wordFound({ op, a, user }: Executed, machine: Machine): number | undefined {
  // What a user program has are virtual addresses.
  if (user || !READS_WORD.has(op) || (a & 3) !== 0 || a < 0 || a >= DEVICE_BASE) return undefined;
  const { storeBuffer, coherence, nodes, memoryPerNode } = machine.config;
  if (storeBuffer > 0 || coherence === 'none' || machine.isCluster || a >= nodes * memoryPerNode)
    return undefined;
  return machine.peek(a);
}
