/** What a program needs of the machine: refused in one line where that is missing. */
import { hartCount, isCluster, type MachineConfig } from '../../hw/config.ts';
import type { Program } from '../../userland/program.ts';
import { MESSAGE_BARRIERS } from '../../userland/sync/barriers/index.ts';
import { barrierKinds } from '../../userland/sync/choice.ts';
import { UsageError } from '../cli/exit.ts';

/**
 * @param words the program's parameter words
 * @throws UsageError when the machine lacks shared memory, or messages, and the program cannot do without
 */
export function checkNeeds(
  program: Program,
  config: MachineConfig,
  words: readonly number[],
  bare: boolean,
): void {
  const word = words[Object.keys(program.parameters).indexOf('barrier')];
  const barrier = word === undefined ? undefined : barrierKinds.chosen(word);
  if (barrier?.messages) checkMessages(program, barrier.id, config, bare);
  else if (program.needs.includes('shared-memory') && isCluster(config) && config.nodes > 1) {
    const why = `program ${program.name} needs shared memory, and the ${config.nodes} nodes of machine ${config.preset} have none in common`;
    const instead = MESSAGE_BARRIERS.map(({ id }) => id).join(' or ');
    throw new UsageError(program.bareMessages ? `${why}; with --bare it takes --barrier ${instead}` : why);
  }
}

/** A barrier over messages is for a program that shares nothing else, either. */
function checkMessages(program: Program, barrier: string, config: MachineConfig, bare: boolean): void {
  const refuse = (why: string): never => {
    throw new UsageError(`barrier ${barrier} sends messages between the nodes of a cluster: ${why}`);
  };
  if (!program.bareMessages) refuse(`program ${program.name} shares memory`);
  if (!isCluster(config)) refuse(`machine ${config.preset} is none`);
  if (!bare) refuse('each node has a kernel of its own, so take --bare');
  if (hartCount(config) !== config.nodes) refuse('one hart on each, so leave --nodes out');
}
