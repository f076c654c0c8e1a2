/** What must hold of every state that can be reached. */
import { ALL_FRESH, type Copy, type GlobalState } from './global-state.ts';
import type { Table } from './table.ts';

/** The first invariant that a state breaks, as a sentence, or undefined. */
export function brokenInvariant(state: GlobalState, table: Table): string | undefined {
  for (const [line, memory] of state.memory.entries()) {
    const copies = state.copies.map((lines) => lines[line] as Copy).filter(({ state: name }) => name !== 'I');
    const writers = copies.filter((copy) => table.isWritable(copy.state)).length;
    const owners = copies.filter((copy) => table.isDirty(copy.state)).length;
    if (writers > 0 && copies.length > 1) return `line ${line} has a writer beside another copy`;
    if (owners > 1) return `line ${line} has two owners`;
    if (copies.some(({ fresh }) => fresh !== ALL_FRESH)) return `a copy of line ${line} is stale`;
    if (memory !== ALL_FRESH && owners === 0)
      return `memory is stale in line ${line}, and nobody answers for it`;
  }
  return undefined;
}
