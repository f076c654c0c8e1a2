/** Page frames: none is handed out twice, none is lost; a node that has none borrows; what is freed goes home. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Code, load, store } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { HART } from '../../../kernel/hart-local.ts';
import { checkFrames } from '../../../kernel/inspect/check-frames.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { NODE_BLOCK } from '../../../kernel/layout.ts';
import { PANIC } from '../../../kernel/panics.ts';
import { allocateFrame, Dsm, DSM, releaseFrame } from '../../../kernel/vm/dsm.ts';
import { here, inTurn, onKernel } from './on-kernel.ts';

const FRAMES = 8;
const NODES = 4;
const dsmOf = (machine: Machine, node: number): number =>
  new Reader(machine).nodeBlock(node) + NODE_BLOCK.dsm;
const nodeOf = (machine: Machine, frame: number): number => Math.floor(frame / machine.config.memoryPerNode);
const lent = (machine: Machine): number[] =>
  Array.from({ length: NODES }, (_, node) => machine.peek(dsmOf(machine, node) + DSM.lent));

const scarce = (checked = false) =>
  onKernel({ harts: NODES, nodes: NODES, options: { framesPerNode: FRAMES, heapChecked: checked } });

/** Takes frames on this hart's node until there are none, at most so many. */
function* takes(most: number, got: number[]): Code {
  const local = yield* here();
  while (got.length < most) {
    const frame = yield* allocateFrame(local, yield load(local + HART.node));
    if (frame === 0) return;
    got.push(frame);
  }
}

function* gives(frames: number[]): Code {
  const local = yield* here();
  for (let frame = frames.pop(); frame !== undefined; frame = frames.pop()) yield* releaseFrame(local, frame);
}

describe('a node that has no frame', () => {
  test('borrows of the next one that has, and what it borrowed goes back there', () => {
    const { machine } = scarce();
    const got: number[] = [];
    inTurn(machine, [[1, () => takes(FRAMES + 3, got)]]);
    expect(got.map((frame) => nodeOf(machine, frame))).toEqual([...Array(FRAMES).fill(1), 2, 2, 2]);
    expect(lent(machine)).toEqual([0, 0, 3, 0]);
    inTurn(machine, [[3, () => gives(got)]]);
    expect(machine.peek(dsmOf(machine, 1) + DSM.count)).toBe(FRAMES);
    expect(machine.peek(dsmOf(machine, 2) + DSM.count)).toBe(3);
    expect(checkFrames(new Reader(machine)).problems).toEqual([]);
  });

  test('gets one as long as there is one anywhere, then none', () => {
    const { machine } = scarce();
    const got: number[] = [];
    inTurn(machine, [[2, () => takes(Number.POSITIVE_INFINITY, got)]]);
    expect(new Set(got).size).toBe(NODES * FRAMES);
    expect(lent(machine)).toEqual([FRAMES, FRAMES, 0, FRAMES]);
    const last = got.slice(0, 1);
    const again: number[] = [];
    inTurn(machine, [
      [0, () => gives(last)],
      [3, () => takes(Number.POSITIVE_INFINITY, again)],
    ]);
    expect(again).toEqual(got.slice(0, 1));
  });

  test('does not take the locks of neighbours that have none either', () => {
    const { machine } = scarce();
    const got: number[] = [];
    inTurn(machine, [[0, () => takes(NODES * FRAMES - 1, got)]]);
    const locked = new Set<number>();
    machine.trace.attach({ event: (event) => void (event.kind === 'mark' && locked.add(event.a)) });
    inTurn(machine, [[0, () => takes(got.length + 1, got)]]);
    expect(got.length).toBe(NODES * FRAMES);
    expect([...locked]).toEqual([0, 3].map((node) => dsmOf(machine, node) + DSM.lock));
  });
});

describe('the lock of the frames', () => {
  /** On which nodes' DSMs the locks lie that are taken while every hart takes frames, of its node and the next, and gives them back. */
  function lockedNodes(vm: string): readonly number[] {
    const { machine } = onKernel({
      harts: NODES,
      nodes: NODES,
      options: { framesPerNode: FRAMES, heapChecked: true, vm },
    });
    const locked = new Set<number>();
    machine.trace.attach({ event: (event) => void (event.kind === 'mark' && locked.add(event.a)) });
    const got: number[][] = Array.from({ length: NODES }, () => []);
    for (const [hart, frames] of got.entries())
      inTurn(machine, [
        [hart, () => takes(FRAMES + 1, frames)],
        [hart, () => gives(frames)],
      ]);
    expect(checkFrames(new Reader(machine)).problems).toEqual([]);
    return [...locked].map((lock) =>
      [...Array(NODES).keys()].findIndex((node) => dsmOf(machine, node) + DSM.lock === lock),
    );
  }

  test('is one for each node', () => {
    expect(lockedNodes('objects')).toEqual([0, 1, 2, 3]);
  });

  test('is one for all nodes in the traditional kernel', () => {
    expect(lockedNodes('traditional')).toEqual([0]);
  });
});

describe('under random load frames are neither lost nor doubled', () => {
  interface Scene {
    readonly seed: number;
    readonly turns: readonly (readonly number[])[];
  }
  const scene: fc.Arbitrary<Scene> = fc.record({
    seed: fc.nat(),
    turns: fc.array(fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 12 }), {
      minLength: NODES,
      maxLength: NODES,
    }),
  });

  function play({ seed, turns }: Scene, bySchedule: boolean, release = releaseFrame): string[] {
    const { machine } = scarce();
    const out: number[] = [];
    const errors: string[] = [];
    function* program(changes: readonly number[]): Code {
      const local = yield* here();
      for (const change of changes) {
        for (let left = change; left > 0; left--) {
          const frame = yield* allocateFrame(local, yield load(local + HART.node));
          if (out.includes(frame)) errors.push(`${frame} was handed out twice`);
          if (frame !== 0) out.push(frame);
        }
        for (let left = change; left < 0; left++) {
          const frame = out.shift();
          if (frame !== undefined) yield* release(local, frame);
        }
      }
    }
    function* returnsAll(): Code {
      for (let frame = out.pop(); frame !== undefined; frame = out.pop())
        yield* release(yield* here(), frame);
    }
    turns.forEach((changes, hart) => machine.start(hart, () => program(changes)));
    const stop = bySchedule ? machine.runArbitrated(new RandomArbiter(seed), 1_000_000) : machine.run();
    inTurn(machine, [[0, returnsAll]]);
    return [
      ...(stop.kind === 'finished' ? [] : [stop.kind]),
      ...errors,
      ...checkFrames(new Reader(machine)).problems,
    ];
  }

  test.each([
    ['in time', false],
    ['by random schedules', true],
  ])('%s', (_, bySchedule) => {
    fc.assert(
      fc.property(scene, (each) => {
        expect(play(each, bySchedule)).toEqual([]);
      }),
      { numRuns: process.env['EDDY_DEEP'] ? 500 : 50 },
    );
  });

  const twelve: Scene = {
    seed: 1,
    turns: [
      [12, -12],
      [12, -12],
      [12, -12],
      [12, -12],
    ],
  };
  test('and a frame that goes to the wrong node is noticed', () => {
    function* astray(local: number, frame: number): Code {
      const dsm = new Dsm((yield load(local + HART.nodeBlock)) + NODE_BLOCK.dsm);
      yield store(frame, yield load(dsm.address + DSM.free));
      yield store(dsm.address + DSM.free, frame);
      yield store(dsm.address + DSM.count, (yield load(dsm.address + DSM.count)) + 1);
    }
    expect(play(twelve, false, astray).join()).toMatch(/is free on node \d, and not of it/);
  });
  test('and one that is not put back is noticed', () => {
    expect(play(twelve, false, function* () {}).join()).toMatch(/is nowhere/);
  });
});

describe('stops the kernel:', () => {
  const stopOf = (checked: boolean, program: () => Code): unknown =>
    inTurn(scarce(checked).machine, [[0, program]]);
  const panicked = (code: number): unknown => expect.objectContaining({ kind: 'panic', code });

  test.each([
    ['an address inside a frame', 64],
    ['a frame that was never handed out', 4096],
  ])('freeing %s', (_, offset) => {
    function* program(): Code {
      const local = yield* here();
      yield* releaseFrame(local, (yield* allocateFrame(local, 0)) + offset);
    }
    expect(stopOf(false, program)).toEqual(panicked(PANIC.foreignFrame));
  });

  test('freeing the kernel’s own memory', () => {
    expect(
      stopOf(false, function* () {
        yield* releaseFrame(yield* here(), 0x4000);
      }),
    ).toEqual(panicked(PANIC.foreignFrame));
  });

  test('in checked mode, freeing a frame twice; but not freeing one that only looks free', () => {
    function* frees(times: number): Code {
      const local = yield* here();
      const frame = yield* allocateFrame(local, 0);
      const other = yield* allocateFrame(local, 0);
      yield* releaseFrame(local, frame);
      yield* releaseFrame(local, other);
      for (let time = 1; time < times; time++) yield* releaseFrame(local, frame);
    }
    function* looksFree(): Code {
      yield* frees(1);
      // Handed out again, and not written: the mark is still there.
      yield* frees(1);
    }
    expect(stopOf(true, () => frees(2))).toEqual(panicked(PANIC.frameFreedTwice));
    expect(stopOf(true, looksFree)).toEqual({ kind: 'finished' });
  });
});
