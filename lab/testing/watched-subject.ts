/** A subject of a search whose every execution is held to invariants: between two instructions, and at its end. */
import type { Machine } from '../../hw/machine.ts';
import type { Subject } from '../explore/subject.ts';
import type { Invariant } from './invariants/invariant.ts';
import { momentsAtEnd } from './invariants/moments.ts';
import { type Broken, describeBroken, Watch } from './invariants/watch.ts';

export const watchedSubject = (subject: Subject, invariants: readonly Invariant[]): Subject => ({
  steps: subject.steps,
  start() {
    const trial = subject.start();
    const { machine } = trial;
    const watch = new Watch(machine, invariants);
    const found = firstBroken(machine, watch);
    return {
      machine,
      judge(stop) {
        const failure = trial.judge(stop);
        const broken = found() ?? watch.broken('always', ...momentsAtEnd(machine, stop));
        if (broken === undefined) return failure;
        return { invariant: `invariant.${broken.invariant}`, message: describeBroken(broken) };
      },
    };
  },
});

/** Asks before each instruction, until something is broken. */
function firstBroken(machine: Machine, watch: Watch): () => Broken | undefined {
  let found: Broken | undefined;
  machine.trace.attach({
    instructions: true,
    event: (event) => {
      if (event.kind === 'instruction') found ??= watch.broken('always');
    },
  });
  return () => found;
}
