/** What the span builder has to know, asked of a machine that runs the kernel. */
import type { Machine } from '../../hw/machine.ts';
import { STEPS, type StepRow, whoIs } from '../../kernel/index.ts';
import type { SpanSource } from './span-builder.ts';

const UNKNOWN: StepRow = { id: 0, name: 'unknown step', kind: 'none', summary: '' };

/** Objects that are numbers to people; the others are addresses or references. */
const DECIMAL: ReadonlySet<string> = new Set(['block', 'page number', 'first page', 'cause']);

export function machineSource(machine: Machine): SpanSource {
  /** To find the owner of a context takes a look at every thread, so it is remembered while the context lives. */
  const owners = new Map<number, number | null>();
  return {
    harts: machine.harts,
    trapCycles: machine.config.timing.trap,
    counters: (hart) => machine.counters.raw(hart),
    threadOf: (context) => {
      const known = owners.get(context);
      if (known !== undefined) return known;
      const owner = whoIs(machine, context);
      // A dispatcher keeps its context for ever; one that nobody knows yet may become a thread's.
      if (owner.kind === 'dispatcher') owners.set(context, null);
      if (!('thread' in owner)) return null;
      owners.set(context, owner.thread);
      return owner.thread;
    },
    forget: (context) => void owners.delete(context),
    step: (id) => STEPS[id] ?? UNKNOWN,
    objectName: (step, object) => nameObject(STEPS[step] ?? UNKNOWN, object),
  };
}

/** The step's row says what its object is: "Object: the region." */
function nameObject({ summary }: StepRow, object: number): string {
  const [, noun = 'object'] = /Object: (?:the )?([^.,]+)/.exec(summary) ?? [];
  return `${noun} ${DECIMAL.has(noun) ? object : shortHex(object)}`;
}

const shortHex = (word: number): string => `0x${(word >>> 0).toString(16)}`;
