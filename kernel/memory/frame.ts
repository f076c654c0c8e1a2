/** Filling and copying page frames. */
import { type Code, load, store, zeroLine } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { PAGE_SIZE } from '../layout.ts';

/** Zeroes a page frame, line by line. */
export function* zeroFrame(local: number, frame: number): Code {
  const line = yield load(local + HART.line);
  for (let offset = 0; offset < PAGE_SIZE; offset += line) yield zeroLine(frame + offset);
}

/** Copies a page frame, word by word. */
export function* copyFrame(to: number, from: number): Code {
  for (let offset = 0; offset < PAGE_SIZE; offset += 4) yield store(to + offset, yield load(from + offset));
}
