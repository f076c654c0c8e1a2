/** Filling page frames. */
import { type Code, load, zeroLine } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { PAGE_SIZE } from '../layout.ts';

/** Zeroes a page frame, line by line. */
export function* zeroFrame(local: number, frame: number): Code {
  const line = yield load(local + HART.line);
  for (let offset = 0; offset < PAGE_SIZE; offset += line) yield zeroLine(frame + offset);
}
