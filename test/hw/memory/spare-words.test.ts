import { expect, test } from 'vitest';
import { type Code, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { giveBack, zeroedWords } from '../../../hw/memory/spare-words.ts';
import { smallWith } from '../machines.ts';

test('words that were given back are zero again, and those of another length are not given', () => {
  const words = zeroedWords(12_345).fill(7);
  giveBack(words);
  expect(zeroedWords(54_321)).not.toBe(words);
  const again = zeroedWords(12_345);
  expect(again).toBe(words);
  expect(again.every((word) => word === 0)).toBe(true);
  expect(zeroedWords(12_345)).not.toBe(words);
});

test('a machine begins with memory of zeroes, whatever the one before it wrote', () => {
  function* writes(): Code {
    for (let address = 0x100; address < 0x4000; address += 64) yield store(address, -1);
  }
  const first = new Machine(smallWith('smp', 2));
  first.start(0, writes);
  first.run();
  const { words } = first.memory;
  first.discard();
  const second = new Machine(smallWith('smp', 2));
  expect(second.memory.words).toBe(words);
  expect(second.memory.words.every((word) => word === 0)).toBe(true);
});
