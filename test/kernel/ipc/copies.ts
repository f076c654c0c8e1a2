/** The copies that a run makes of messages, as their letters of table III (Bershad et al., 1990) and their bytes. */
import { MARK } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import { COPY } from '../../../kernel/abi/index.ts';
import { type Choice, type Entry, expectStatus } from '../run.ts';

/** Runs a program that must end well; gives its copies in their order, like `A200`. */
export function copiesOf(entry: Entry, choice: Choice = {}): string[] {
  const letters = Object.keys(COPY);
  const copies: string[] = [];
  const watch = (machine: Machine): void => {
    machine.trace.attach({
      event: (event) => {
        if (event.kind === 'mark' && event.mark === MARK.copied) copies.push(`${letters[event.a]}${event.b}`);
      },
    });
  };
  expectStatus(0, entry, { ...choice, watch });
  return copies;
}
