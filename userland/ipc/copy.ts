/** Copies of the stubs, each of which says which of table III it is. */
import { type Code, load, load8, mark, MARK, store, store8 } from '../../hw/isa/index.ts';
import { COPY, type CopyPhase } from '../../kernel/abi/index.ts';

/** Copies `size` bytes; both addresses begin on a word. */
export function* copyBlock(phase: CopyPhase, to: number, from: number, size: number): Code {
  let done = 0;
  for (; done + 4 <= size; done += 4) yield store(to + done, yield load(from + done));
  for (; done < size; done++) yield store8(to + done, yield load8(from + done));
  yield mark(MARK.copied, COPY[phase], done);
}

/** Stores an argument that is a word. */
export function* putWord(phase: CopyPhase, to: number, value: number): Code {
  yield store(to, value);
  yield mark(MARK.copied, COPY[phase], 4);
}

/** Loads a word. */
export function* takeWord(phase: CopyPhase, from: number): Code<number> {
  const value = yield load(from);
  yield mark(MARK.copied, COPY[phase], 4);
  return value;
}
