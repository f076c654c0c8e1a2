/** What a kernel that miscounts does: it stops, and says what was wrong. */
import { describe, expect, test } from 'vitest';
import { type Code, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { MAP } from '../../../kernel/abi/index.ts';
import { CLASS } from '../../../kernel/classes.ts';
import { createCounter } from '../../../kernel/counters/counter-object.ts';
import { DEGREE } from '../../../kernel/objects/degree.ts';
import { destroyOwned } from '../../../kernel/objects/object.ts';
import { bootKernel } from '../../../kernel/index.ts';
import { repsOfRoot } from '../../../kernel/inspect/objects.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { PANIC } from '../../../kernel/panics.ts';
import { leaveProcess } from '../../../kernel/processes/in-use.ts';
import { PROCESS, PROCESS_REP } from '../../../kernel/processes/process.ts';
import { LINK } from '../../../kernel/vm/region-list.ts';
import { Region } from '../../../kernel/vm/region.ts';
import { REGION } from '../../../kernel/vm/region-layout.ts';
import { sys } from '../run.ts';
import { bootedMachine, runOn } from './kernel-machine.ts';

/** A representative in the page that belongs to nobody: all zeroes, so nobody is counted inside. */
const REP = 0x200;

const stopOf = (program: (local: number) => Code) =>
  runOn(bootedMachine({ harts: 2 }), program, { harts: [0] });

const panicked = (code: number) => ({ kind: 'panic', code });

describe('who was never counted in is counted out', () => {
  test('of a process', () => {
    expect(stopOf(() => leaveProcess(REP))).toMatchObject(panicked(PANIC.negativeCount));
  });
  test('of a region', () => {
    expect(stopOf(() => new Region(REP).leave())).toMatchObject(panicked(PANIC.negativeCount));
  });
});

test('an object is destroyed by two that each take it for theirs', () => {
  function* destroys(local: number): Code {
    const ref = yield* createCounter(local, CLASS.counterPartitioned, DEGREE.hart);
    for (const _ of [1, 2]) yield* destroyOwned(local, ref);
  }
  expect(stopOf(destroys)).toMatchObject(panicked(PANIC.destroyedTwice));
});

function* touches(): Code<number> {
  for (let round = 0; round < 20; round += 1)
    yield store(yield sys('mmap', 0, 4096, MAP.READ | MAP.WRITE, 0), round);
  return 0;
}

/** How the first process ends if a word of each representative of it, or of its regions, is changed on its way. */
function endAfter(change: (reader: Reader, process: number) => void) {
  const machine = new Machine(presetConfig('cc-numa', { harts: 2, set: { memoryPerNode: 4 << 20 } }));
  bootKernel(machine, { entry: touches });
  const reader = new Reader(machine);
  for (let steps = 0; steps < 1000; steps += 1) {
    machine.run({ instructions: 200 });
    const [process] = reader.loaded ? reader.processes() : [];
    // A region that was mapped by the program: the process has begun.
    if (process === undefined || reader.links(process).length < 4) continue;
    change(reader, process);
    break;
  }
  return machine.run();
}

const representatives = (reader: Reader, ref: number): number[] => repsOfRoot(reader, reader.rootOf(ref));

function addOne(reader: Reader, address: number): void {
  reader.machine.poke(address, reader.word(address) + 1);
}

describe('a process ends', () => {
  test('as it should, if nothing is changed', () => {
    expect(endAfter(() => {})).toEqual({ kind: 'halted', status: 0 });
  });

  test('while one of its regions is in use, by what its own count says', () => {
    const stop = endAfter((reader, process) => {
      for (const rep of representatives(reader, reader.word(process + PROCESS.ref)))
        addOne(reader, rep + PROCESS_REP.inUse);
    });
    expect(stop).toMatchObject(panicked(PANIC.inUse));
  });

  test('and waits for ever for a region whose count says that somebody is inside', () => {
    const stop = endAfter((reader, process) => {
      const [link] = reader.links(process);
      if (link === undefined) return;
      for (const rep of representatives(reader, reader.word(link + LINK.region)))
        addOne(reader, rep + REGION.inUse);
    });
    expect(stop.kind).toBe('deadlock');
  });
});
