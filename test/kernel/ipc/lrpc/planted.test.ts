/** The invariant `lrpc` is told when linkages are damaged while calls are under way. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../../hw/isa/index.ts';
import { Machine } from '../../../../hw/machine.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { bootKernel } from '../../../../kernel/index.ts';
import { kernelAtRest } from '../../../../kernel/inspect/at-rest.ts';
import { checkLrpc } from '../../../../kernel/inspect/check-lrpc.ts';
import { Reader } from '../../../../kernel/inspect/reader.ts';
import { BINDING, CALL, EXPORT, LINKAGE } from '../../../../kernel/ipc/lrpc/layout.ts';
import { THREAD } from '../../../../kernel/threads/thread.ts';
import { sys } from '../../run.ts';
import { aStackOf, bindAt, exportAdder, lrpcCall, PROCEDURE, ROOM } from './adder.ts';

function* dozes(index: number): Code<number> {
  const at = 0x0001_0000;
  const aStack = yield* aStackOf(at, PROCEDURE.doze, index);
  yield store(aStack, 1 << 28);
  return yield lrpcCall(yield load(at + 256), PROCEDURE.doze, aStack);
}

/** Two threads sleep in the server, which is their own process. */
function* twoInCalls(_: number, block: number): Code<number> {
  const at = yield sys('mmap', 0x0001_0000, 4096, 3, 0);
  yield* exportAdder(block - ROOM);
  yield store(at + 256, yield* bindAt(at));
  yield sys('threadSpawn', yield addressOf(dozes), 1, 1);
  return yield* dozes(0);
}

interface Scene {
  readonly machine: Machine;
  readonly reader: Reader;
  /** Linkages of the calls that are under way. */
  readonly linkages: readonly [number, number];
}

function scene(): Scene {
  const machine = new Machine(presetConfig('smp', { harts: 2, set: { memoryPerNode: 4 << 20 } }));
  bootKernel(machine, { entry: twoInCalls });
  machine.run({ cycles: 1_000_000 });
  const reader = new Reader(machine);
  expect(kernelAtRest(machine)).toBe(true);
  const linkages = reader.threads(reader.processes()[0] ?? 0).flatMap((thread) => reader.linkages(thread));
  expect(linkages).toHaveLength(2);
  return { machine, reader, linkages: linkages as unknown as readonly [number, number] };
}

const DAMAGE: Readonly<Record<string, (scene: Scene) => void>> = {
  'an A-stack is handed out while its call is under way': ({ machine, linkages }) =>
    machine.poke(linkages[0] + LINKAGE.state, CALL.idle),
  'two calls are on one A-stack': ({ machine, reader, linkages }) =>
    machine.poke(reader.word(linkages[0] + LINKAGE.thread) + THREAD.linkage, linkages[1]),
  'a call is forgotten': ({ machine, reader, linkages }) =>
    machine.poke(reader.word(linkages[0] + LINKAGE.thread) + THREAD.linkage, 0),
  'a linkage leads to a process that does not exist': ({ machine, linkages }) =>
    machine.poke(linkages[0] + LINKAGE.client, 0),
  'a linkage leads to a context that does not exist': ({ machine, linkages }) =>
    machine.poke(linkages[0] + LINKAGE.context, 9999),
  'a linkage stays held': ({ machine, linkages }) => machine.poke(linkages[0] + LINKAGE.state, CALL.held),
  'an E-stack is lost': ({ machine, reader, linkages }) => {
    const exported = reader.word(reader.word(linkages[0] + LINKAGE.binding) + BINDING.exported);
    machine.poke(exported + EXPORT.stacksMade, 9);
  },
  'memory is shared that no binding has': ({ machine, reader, linkages }) =>
    machine.poke(reader.word(linkages[0] + LINKAGE.binding) + BINDING.clientBase, 0x0100_0000),
  'a time limit knows nothing of its call': ({ machine, reader, linkages }) =>
    machine.poke(linkages[0] + LINKAGE.limit, reader.word(linkages[0] + LINKAGE.thread)),
  'a binding is listed and says that it is not': ({ machine, reader, linkages }) =>
    machine.poke(reader.word(linkages[0] + LINKAGE.binding) + BINDING.listed, 0),
};

describe('the invariant of A-stacks and linkages', () => {
  test('holds while calls are under way', () => {
    expect(checkLrpc(scene().reader).problems).toEqual([]);
  });
  test.each(Object.keys(DAMAGE))('notices when %s', (name) => {
    const damaged = scene();
    DAMAGE[name]?.(damaged);
    expect(checkLrpc(damaged.reader).problems).not.toEqual([]);
  });
});
