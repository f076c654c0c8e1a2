/** Parallel programs of one thread on every hart, with locks and a barrier of chosen kinds. */
export { Member } from './member.ts';
export type { TeamMemory } from './team-memory.ts';
export { type Setting, type TeamDefinition, teamProgram } from './team-program.ts';
