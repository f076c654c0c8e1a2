/** User programs as data: drawn at random, shrunk, printed, parsed and run. */
export { userPrograms } from './arbitrary.ts';
export type { Sizes } from './draw.ts';
export { type Carried, type OnLooker, programOf } from './program-of.ts';
export { formatUserProgram, parseUserProgram } from './text.ts';
export type { Operation, UserProgram, Value } from './user-program.ts';
