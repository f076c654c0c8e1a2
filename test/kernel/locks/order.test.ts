/**
 * The order in which the kernel takes its locks, watched over whole runs as Linux's lockdep does: two classes that are
 * taken in both orders are a deadlock that has not happened yet. And freed kernel blocks are left alone.
 */
import { describe, expect, test } from 'vitest';
import { type Code, load } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { bootKernel, type KernelOptions } from '../../../kernel/index.ts';
import { GLOBAL, NODE_BLOCK } from '../../../kernel/layout.ts';
import { acquire, release } from '../../../kernel/locks/mcs.ts';
import { acquireRead, acquireWrite, releaseRead, releaseWrite } from '../../../kernel/locks/reader-writer.ts';
import { acquireSpin, releaseSpin } from '../../../kernel/locks/spin.ts';
import { allocate, free } from '../../../kernel/memory/heap.ts';
import { DSM } from '../../../kernel/vm/dsm.ts';
import { Detection, type DetectorId } from '../../../lab/detect/index.ts';
import { parameterWords } from '../../../lab/settings/parameters.ts';
import rpc from '../../../userland/programs/rpc.ts';
import tour from '../../../userland/programs/tour.ts';
import { here, HEAP_OPTIONS, inTurn } from '../memory/on-kernel.ts';
import { churn } from './churn.ts';
import { stir } from './stir.ts';

const DETECTORS: readonly DetectorId[] = ['lock-order', 'deadlock', 'use-after-free', 'uninitialised'];
const STEPS = 5_000_000;
const HARTS = 4;

function findings(
  entry: (argument: number, block: number) => Code<number | void>,
  options: KernelOptions,
  parameters: readonly number[] = [4, 2, 2],
) {
  const set = { memoryPerNode: 4 << 20, nodes: 2, coresPerNode: HARTS / 2 };
  const machine = new Machine(presetConfig('cc-numa', { harts: HARTS, set }));
  const detection = new Detection(machine, { bare: false, detectors: DETECTORS });
  bootKernel(machine, { entry, parameters, options });
  const stop = machine.run({ instructions: STEPS });
  expect(stop, machine.console.text()).toEqual({ kind: 'halted', status: 0 });
  return detection.finish(false);
}

describe.each(HEAP_OPTIONS)('the kernel keeps its order with %j', (options) => {
  test('in the tour', () => expect(findings(tour.entry, options)).toEqual([]));
  test('while threads, processes and memory come and go', () => expect(findings(churn, options)).toEqual([]));
  test('while objects are replaced, moved and waited for', () => expect(findings(stir, options)).toEqual([]));
});

test.each(['lrpc', 'message', 'restricted', 'ppc'])(
  'the kernel keeps its order in calls by %s',
  (mechanism) => {
    const chosen = new Map([
      ['mechanism', mechanism],
      ['clients', '0'],
      ['calls', '5'],
    ]);
    expect(findings(rpc.entry, {}, parameterWords(rpc, chosen))).toEqual([]);
  },
);

describe('is caught, though nothing has happened yet:', () => {
  /** What is found when kernel code runs on the harts of a booted kernel, one after the other. */
  function found(...turns: (readonly [number, () => Code])[]): string {
    const set = { memoryPerNode: 1 << 20 };
    const machine = new Machine(presetConfig('smp', { harts: 2, set }));
    const detection = new Detection(machine, { bare: false, detectors: DETECTORS });
    bootKernel(machine, {});
    expect(machine.run().kind).toBe('deadlock');
    for (const hart of [0, 1]) machine.start(hart, nothing);
    machine.run();
    expect(inTurn(machine, turns)).toEqual({ kind: 'finished' });
    return detection
      .finish(false)
      .map(({ message }) => message)
      .join('\n');
  }

  const CONSOLE = GLOBAL + NODE_BLOCK.consoleLock;
  const DISK = GLOBAL + NODE_BLOCK.diskLock;
  /** Away from everything of the kernel's. */
  const TABLE = 0x100;

  interface Way {
    readonly take: (lock: number) => Code;
    readonly give: (lock: number) => Code;
  }
  const mcs: Way = { take: acquire, give: release };
  const spin: Way = { take: acquireSpin, give: releaseSpin };
  const reading: Way = { take: acquireRead, give: releaseRead };
  const writing: Way = { take: acquireWrite, give: releaseWrite };

  const inside = (outer: number, inner: number, outerWay = mcs, innerWay = mcs) =>
    function* (): Code {
      yield* outerWay.take(outer);
      yield* innerWay.take(inner);
      yield* innerWay.give(inner);
      yield* outerWay.give(outer);
    };

  test('two locks in both orders, by their names', () => {
    const text = found([0, inside(CONSOLE, DISK)], [1, inside(DISK, CONSOLE)]);
    expect(text).toMatch(/locks in both orders/);
    expect(text).toContain('console lock');
    expect(text).toContain('disk lock');
  });

  test.each([
    ['a spin lock', spin],
    ['a lock that is read under', reading],
    ['a lock that is written under', writing],
  ])('%s and an MCS lock', (_, way) => {
    const text = found([0, inside(CONSOLE, TABLE, mcs, way)], [1, inside(TABLE, CONSOLE, way, mcs)]);
    expect(text).toMatch(/locks in both orders/);
  });

  test('memory that is asked for under the console’s lock, which the heap takes last', () => {
    function* asks(): Code {
      yield* acquire(CONSOLE);
      for (let index = 0; index < 20; index++) yield* allocate(yield* here(), 1000);
      yield* release(CONSOLE);
    }
    expect(found([0, inside(GLOBAL + NODE_BLOCK.dsm + DSM.lock, CONSOLE)], [1, asks])).toMatch(
      /locks in both orders/,
    );
  });

  test('nothing, where the order is kept', () => {
    expect(found([0, inside(CONSOLE, DISK)], [1, inside(CONSOLE, DISK)])).toBe('');
  });

  test('and a freed block that is read, at once and by name', () => {
    function* reads(): Code {
      const block = yield* allocate(yield* here(), 64);
      yield* free(block);
      yield load(block + 16);
    }
    expect(found([0, reads])).toMatch(/freed/);
  });
});

function* nothing(): Code {}
