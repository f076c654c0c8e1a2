/** Every state that can be reached, in the order of the steps it takes. */
import { copyOf, firstState, type GlobalState, keyOf, type Size } from './global-state.ts';
import { brokenInvariant } from './invariants.ts';
import { type Happening, happenings, Nonsense, ProtocolModel } from './protocol-model.ts';
import type { Table } from './table.ts';

export interface Reached {
  /** How many states there are. */
  readonly states: number;
  /** What is broken first, and the shortest way to it. */
  readonly flaw: string | undefined;
}

interface Visited {
  readonly state: GlobalState;
  readonly before: Visited | undefined;
  readonly happening: Happening | undefined;
}

/** Visits all states, or as many as it takes to find a flaw. */
export function reach(table: Table, size: Size): Reached {
  const model = new ProtocolModel(table, size);
  const all = happenings(size);
  const first: Visited = { state: firstState(size), before: undefined, happening: undefined };
  const seen = new Set([keyOf(first.state)]);
  const queue = [first];
  // The queue grows while it is gone through.
  for (const before of queue) {
    for (const happening of all) {
      const state = copyOf(before.state);
      const nonsense = attempt(() => model.perform(state, happening));
      const key = keyOf(state);
      if (seen.has(key) && nonsense === undefined) continue;
      seen.add(key);
      const visited = { state, before, happening };
      queue.push(visited);
      const broken = nonsense ?? brokenInvariant(state, table);
      if (broken !== undefined) return { states: seen.size, flaw: `${wayTo(visited)}: ${broken}` };
    }
  }
  return { states: seen.size, flaw: undefined };
}

function attempt(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Nonsense) return error.message;
    throw error;
  }
}

function wayTo({ before, happening }: Visited): string {
  if (before === undefined || happening === undefined) return 'at the start';
  const { what, cache, line } = happening;
  const step = `${cache < 0 ? '' : `${cache} `}${what}s ${line}`;
  return before.before === undefined ? step : `${wayTo(before)}, ${step}`;
}
