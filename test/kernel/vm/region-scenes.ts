/**
 * Random user programs about regions: threads on all harts fault on a region that all share while any of them replaces it,
 * moves the process to another node, and maps, touches, replaces and unmaps a small region of its own, which its neighbour
 * replaces, too. What a thread has stored it must find again, whatever happened meanwhile.
 */
import fc from 'fast-check';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { ERROR, MAP, THREAD_BLOCK } from '../../../kernel/abi/index.ts';
import { bootKernel, checkInvariants, panicText } from '../../../kernel/index.ts';
import { SlicesArbiter } from '../objects/slices.ts';
import { check, sys } from '../run.ts';

const PAGE = 4096;
const RW = MAP.READ | MAP.WRITE;
const BASE = 0x10_0000;
/** More than a small FCM has, so that it is divided. */
const PAGES = 20;
const OWN_PAGES = 3;
const ACTIONS = 12;
const ownOf = (index: number): number => 0x80_0000 + index * 0x1_0000;

const advance = (state: number): number => (Math.imul(state, 1664525) + 1013904223) >>> 0;
const draw = (state: number, below: number): number => (state >>> 8) % below;

/** Adds 1 to a word, which must be what it was. */
function* touch(address: number, known: Map<number, number>): Code {
  const before = known.get(address) ?? 0;
  yield* check(yield load(address), before, 10);
  yield store(address, before + 1);
  known.set(address, before + 1);
}

function* replace(address: number, harts: number, allowed: readonly number[]): Code {
  const result = yield sys('regionReplace', address, harts);
  yield* check(allowed.includes(result) ? 1 : 0, 1, 11);
}

/** What a thread is told: its index, how many nodes there are, and the seed. */
const tell = (index: number, nodes: number, seed: number): number => (seed << 8) | (nodes << 4) | index;

function* actor(told: number): Code<number> {
  const index = told & 15;
  const nodes = (told >>> 4) & 15;
  const harts = yield sys('hartCount');
  const known = new Map<number, number>();
  let state = advance(told);
  const next = (below: number): number => {
    state = advance(state);
    return draw(state, below);
  };
  for (let action = 0; action < ACTIONS; action += 1) {
    const kind = next(8);
    if (kind < 4) yield* touch(BASE + next(PAGES) * PAGE + 64 * (index + 1), known);
    else if (kind === 4) yield* replace(BASE + next(PAGES) * PAGE, 1 + next(harts), [0, ERROR.EBUSY]);
    else if (kind === 5 && nodes > 1) {
      const moved = yield sys('migrate', yield sys('currentProcess'), next(nodes));
      yield* check(moved === 0 || moved === ERROR.EBUSY ? 1 : 0, 1, 12);
    } else if (kind === 6)
      yield* replace(ownOf(index + 1), 1 + next(harts), [0, ERROR.EBUSY, ERROR.EFAULT, ERROR.ENOMEM]);
    else yield* liveAndDie(index, 1 + next(harts));
  }
  return 0;
}

/** Maps a region of the thread's own, uses, replaces and unmaps it. */
function* liveAndDie(index: number, harts: number): Code {
  const own = ownOf(index);
  const known = new Map<number, number>();
  yield* check(yield sys('mmap', own, OWN_PAGES * PAGE, RW | MAP.FIXED, 0), own, 13);
  yield* touch(own, known);
  yield* replace(own, harts, [0, ERROR.EBUSY]);
  for (const page of [0, 1, 2]) yield* touch(own + page * PAGE, known);
  yield* check(yield sys('munmap', own, OWN_PAGES * PAGE), 0, 14);
  yield* check(yield sys('regionReplace', own, 1), ERROR.EFAULT, 15);
}

function* first(_: number, block: number): Code<number> {
  const harts = yield sys('hartCount');
  const seed = yield load(block + THREAD_BLOCK.PARAMETER);
  const nodes = yield load(block + THREAD_BLOCK.PARAMETER + 4);
  yield* check(yield sys('mmap', BASE, PAGES * PAGE, RW | MAP.FIXED, 0), BASE, 1);
  const threads: number[] = [];
  for (let index = 1; index < Math.min(harts + 1, 7); index += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(actor), tell(index, nodes, seed), index % harts));
  yield* check(yield* actor(tell(0, nodes, seed)), 0, 2);
  for (const thread of threads) yield* check(yield sys('threadJoin', thread, 0), 0, 3);
  yield* check(yield sys('munmap', BASE, PAGES * PAGE), 0, 4);
  return 0;
}

const degrees = fc.constantFrom('shared', 'group:2', 'node', 'hart');

export const regionScenes = fc.record({
  machine: fc.oneof(
    fc.record({
      preset: fc.constant('smp'),
      nodes: fc.constant(1),
      hartsPerNode: fc.integer({ min: 1, max: 6 }),
    }),
    fc.record({
      preset: fc.constant('cc-numa'),
      nodes: fc.integer({ min: 2, max: 4 }),
      hartsPerNode: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({
      preset: fc.constant('ncc-numa'),
      nodes: fc.constant(2),
      hartsPerNode: fc.constantFrom(1, 2),
    }),
  ),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  storeBuffer: fc.constantFrom(0, 1, 4),
  region: degrees,
  fcm: degrees,
  generations: fc.constantFrom(1, 2, 2),
  adapt: fc.constantFrom<'on' | 'off'>('off', 'on'),
  heapChecked: fc.boolean(),
  locking: fc.constantFrom<'existence' | 'hierarchical'>(
    'existence',
    'existence',
    'existence',
    'hierarchical',
  ),
});

type Scene = typeof regionScenes extends fc.Arbitrary<infer T> ? T : never;

/** Plays a scene; gives what was found wrong. */
export function playRegions(scene: Scene): string[] {
  const { machine: shape, seed, storeBuffer, region, fcm, generations, adapt, heapChecked, locking } = scene;
  const { preset, nodes, hartsPerNode } = shape;
  const set = {
    memoryPerNode: 4 << 20,
    storeBuffer: preset === 'ncc-numa' ? 0 : storeBuffer,
    ...(preset === 'smp' ? {} : { nodes, coresPerNode: hartsPerNode }),
  };
  const machine = new Machine(presetConfig(preset, { harts: nodes * hartsPerNode, seed, set }));
  bootKernel(machine, {
    entry: first,
    parameters: [seed, nodes],
    options: {
      'objects.region': region,
      'objects.fcm': fcm,
      'objects.generations': generations,
      'objects.adapt': adapt,
      heapChecked,
      locking,
    },
  });
  const stop = machine.runArbitrated(new SlicesArbiter(seed), 3_000_000);
  if (stop.kind === 'panic') return [`panic: ${panicText(stop.code)}`];
  if (stop.kind !== 'halted' || stop.status !== 0) return [JSON.stringify(stop) + machine.console.text()];
  const verdicts = checkInvariants(machine);
  const broken = verdicts.filter(({ ok }) => !ok).map(({ id, detail }) => `${id}: ${detail}`);
  const heap = verdicts.find(({ id }) => id === 'heap')?.detail;
  return heap === '0 blocks in use' ? broken : [...broken, `at the end: ${heap}`];
}
