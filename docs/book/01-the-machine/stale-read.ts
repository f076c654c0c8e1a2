/** What it means that nobody keeps the caches coherent: the same steps on a machine that does, and on one that does not. */
import { fetchAndAdd, flush, type Instruction, invalidate, load, store } from '../../../hw/isa/index.ts';
import { OneAtATime } from './one-at-a-time.ts';

const X = 0x1_0000;
const machines = ['cc-numa', 'ncc-numa'].map((preset) => new OneAtATime(preset, { harts: 2, nodes: 2 }));

for (const { machine } of machines) machine.poke(X, 1);

/** @param reads whether the instruction gives a value */
function show(what: string, hart: number, instruction: () => Instruction, reads: boolean): void {
  const results = machines.map((machine) => machine.do(hart, instruction));
  const cells = results.map(({ value }, index) => {
    const memory = machines[index]?.machine.memory.words[X >>> 2];
    return `${reads ? `gets ${value}` : '      '}   memory ${memory}`.padEnd(22);
  });
  console.log(`${what.padEnd(24)} ${cells.join('')}`.trimEnd());
}

console.log(`${''.padEnd(24)} ${'cc-numa'.padEnd(22)}ncc-numa`);
show('hart 0 loads x', 0, () => load(X), true);
show('hart 1 stores 2', 1, () => store(X, 2), false);
show('hart 0 loads x', 0, () => load(X), true);
show('hart 1 flushes x', 1, () => flush(X), false);
show('hart 0 loads x', 0, () => load(X), true);
show('hart 0 invalidates x', 0, () => invalidate(X), false);
show('hart 0 loads x', 0, () => load(X), true);
show('hart 1 adds 1 atomically', 1, () => fetchAndAdd(X, 1), true);
show('hart 0 loads x', 0, () => load(X), true);
