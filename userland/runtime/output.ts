import type { Code } from '../../hw/isa/index.ts';

/** Somewhere to print: the environment of a program, with a kernel or without. */
export interface Output {
  /** Writes text to the console. Nothing is added: end a line with `\n`. */
  print(text: string): Code;
}
