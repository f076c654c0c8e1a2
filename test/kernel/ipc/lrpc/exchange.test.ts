/**
 * Domain caching: a thread that is called into a domain changes places with a hart that idles in it, and back again; and
 * nothing that may happen meanwhile loses it. Kernels in which harts change places wrongly are found out.
 */
import { describe, expect, test } from 'vitest';
import { type Code, store } from '../../../../hw/isa/index.ts';
import { planKernel } from '../../../../kernel/index.ts';
import { HART } from '../../../../kernel/hart-local.ts';
import { checkScheduling } from '../../../../kernel/inspect/check-scheduling.ts';
import { Reader } from '../../../../kernel/inspect/reader.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { type Change, loadChanged } from '../../../zoo/kernel/planted.ts';
import { run, sys } from '../../run.ts';
import * as product from './exchange-scenes.ts';

const { play } = product;

function* waitsForEver(_: number, block: number): Code<number> {
  yield store(block - 64, 0);
  return yield sys('futexWait', block - 64, 0, 0);
}
const SCENES = Object.keys(product.SCENES) as (keyof typeof product.SCENES)[];

const MACHINES = [
  { preset: 'cc-numa', harts: 8, tagged: true },
  { preset: 'firefly', harts: 8, tagged: false },
];

describe('domain caching', () => {
  test.each(MACHINES.flatMap((machine) => SCENES.map((scene) => ({ ...machine, scene }))))(
    'loses nothing: $scene on $preset',
    (choice) => {
      expect(play(choice).problem).toBeUndefined();
    },
  );

  test('takes a thread to the hart that idles in the server, and back, at every call', () => {
    // 40 calls that compute and 5 that sleep.
    expect(play({ scene: 'alone', preset: 'smp', harts: 2 }).exchanges).toBe(90);
    expect(play({ scene: 'alone', preset: 'smp', harts: 2, domainCaching: 'off' }).exchanges).toBe(0);
  });

  test('sends harts that idle elsewhere to a server that is called by several', () => {
    // One hart idles in the server at first: with that alone, four threads would not change places at each of 132 calls.
    expect(play({ scene: 'crowd', preset: 'cc-numa', harts: 16 }).exchanges).toBeGreaterThan(200);
  });

  test('lets a machine on which everybody waits for ever be recognized as deadlocked', () => {
    const { stop } = run(waitsForEver, { preset: 'smp', harts: 4, options: { domainCaching: 'on' } });
    expect(stop.kind).toBe('deadlock');
  });

  test('is refused where idle harts could not poll, or have other work', () => {
    const on = { domainCaching: 'on' } as const;
    expect(() => planKernel(presetConfig('ncc-numa', { harts: 4 }), on)).toThrow(/keeps coherent/);
    expect(() => planKernel(presetConfig('smp', { harts: 4 }), { ...on, scheduler: 'fcfs' })).toThrow(
      /round-robin/,
    );
  });
});

test('the invariant of scheduling notices idle harts that are counted wrongly, or were handed what they do not take', () => {
  const { machine } = play({ scene: 'alone', preset: 'smp', harts: 2 });
  const reader = new Reader(machine);
  const problems = (): readonly string[] => checkScheduling(reader).problems;
  expect(problems()).toEqual([]);
  machine.poke(reader.local(1) + HART.handed, 4096);
  expect(problems()).toEqual(['hart 1 was handed 0x00001000 and has not taken it']);
  machine.poke(reader.local(1) + HART.handed, 0);
  machine.poke(reader.local(1) + HART.counted, 1 - machine.peek(reader.local(1) + HART.counted));
  expect(problems()).toHaveLength(1);
});

const BUGS: readonly (Change & { readonly title: string })[] = [
  {
    title: 'a hart is claimed by a look and a store: two threads change places with one hart',
    file: 'kernel/ipc/lrpc/exchange.ts',
    edits: [
      [
        'return (yield compareAndSwap(target + HART.idleIn, domain, 0)) === domain;',
        'if ((yield load(target + HART.idleIn)) !== domain) return false;\n  yield store(target + HART.idleIn, 0);\n  return true;',
      ],
    ],
  },
  {
    title: 'a thread is handed over, and queued as well',
    file: 'kernel/threads/move.ts',
    edits: [['HART.handed, thread);\n    return;', 'HART.handed, thread);']],
  },
  {
    title:
      'a thread that has changed places does not say so, and a kill looks for it on the hart that it came from',
    file: 'kernel/threads/move.ts',
    edits: [
      [
        'yield store(thread + THREAD.hart, hart);\n  yield store(thread + THREAD.local, yield* localOf(local, hart));\n  yield store(local + HART.domain',
        'yield store(local + HART.domain',
      ],
    ],
  },
  {
    title: 'interrupts stay enabled after a poll',
    file: 'kernel/threads/idle.ts',
    edits: [["yield csrWrite('sstatus', 0);", '']],
  },
  {
    title: 'a hart that idles is not counted off when it has a thread of its own to run',
    file: 'kernel/threads/idle.ts',
    edits: [['yield fetchAndAdd(GLOBAL + NODE_BLOCK.idlers, -1);', '']],
  },
];

test.each(BUGS)('$title: found', async (bug) => {
  const changed = (await loadChanged(
    'test/kernel/ipc/lrpc/exchange-scenes.ts',
    bug,
  )) as unknown as typeof product;
  const found: string[] = [];
  for (let seed = 1; seed <= 6; seed += 1) {
    for (const scene of SCENES) {
      if (found.length > 0) break;
      const { problem } = changed.play({ scene, preset: 'smp', harts: 8, seed });
      if (problem !== undefined) found.push(problem);
    }
  }
  expect(found).toHaveLength(1);
});
