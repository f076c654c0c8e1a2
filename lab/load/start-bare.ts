/**
 * Starts a program on a machine without a kernel: its bare form, on every hart at the same time.
 * The firmware's part: it fills in one bare block (userland/runtime/bare-env.ts), which all harts share.
 */
import { CONSOLE } from '../../hw/address-map.ts';
import type { Machine } from '../../hw/machine.ts';
import { MAX_PARAMETERS } from '../../kernel/abi/index.ts';
import type { Program } from '../../userland/program.ts';
import { BARE_BLOCK } from '../../userland/runtime/bare-env.ts';
import { UsageError } from '../cli/exit.ts';

/** Where the bare block lies. Address 0 stays unused, so that it can mean "nothing". */
const BLOCK = 0x1000;
/** Where the memory begins that the harts share; it is zero but for the program's data, since nothing ran before. */
const MEMORY = 0x1_0000;

/**
 * Starts `program` on all harts; `machine.run()` runs it.
 * @param words the parameter words, in the order in which the program declares them
 * @returns the first address of the memory that the harts share
 * @throws UsageError when the program has no bare form
 */
export function startBare(machine: Machine, program: Program, words: readonly number[]): number {
  const entry = program.bareEntry;
  if (entry === undefined)
    throw new UsageError(`program ${program.name} needs a kernel: it has no bare form`);
  // On a cluster each node has a block of its own, at the same place in its own memory.
  for (let node = 0; node < (machine.isCluster ? machine.config.nodes : 1); node++) {
    const block = node * machine.config.memoryPerNode + BLOCK;
    machine.poke(block + BARE_BLOCK.HARTS, machine.harts);
    machine.poke(block + BARE_BLOCK.STACK, MEMORY);
    machine.poke(block + BARE_BLOCK.CONSOLE, CONSOLE.DATA);
    machine.poke(block + BARE_BLOCK.PARAMETERS, words.length);
    for (const [index, word] of words.slice(0, MAX_PARAMETERS).entries()) {
      machine.poke(block + BARE_BLOCK.PARAMETER + 4 * index, word);
    }
  }
  for (const [offset, word] of Object.entries(program.bareData)) machine.poke(MEMORY + Number(offset), word);
  // Without coherence what harts share must not be cached; here that is everything, unless the program sees to it.
  if (machine.nonCoherent && !program.bareCaches)
    machine.markUncached(0, machine.config.nodes * machine.config.memoryPerNode);
  for (let hart = 0; hart < machine.harts; hart++) machine.start(hart, entry, hart, BLOCK);
  return MEMORY;
}
