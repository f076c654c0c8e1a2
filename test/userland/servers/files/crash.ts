/**
 * The power fails at any moment. Nothing that the disk holds then points to what is marked free, or belongs to two; e2fsck
 * puts the rest in order; and what was synced by fsync is there, under its name, to the byte.
 */
import { addressOf, type Code, store8 } from '../../../../hw/isa/index.ts';
import type { Fault } from '../../../../hw/faults/fault.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { MAP } from '../../../../kernel/abi/index.ts';
import { runKernel } from '../../../../lab/testing/run-kernel.ts';
import { filesByLrpc } from '../../../../userland/files/attach.ts';
import { FileSystem } from '../../../../userland/files/file-system.ts';
import { OPEN } from '../../../../userland/files/protocol.ts';
import { Env } from '../../../../userland/runtime/env.ts';
import { mmap, threadSpawn } from '../../../../userland/runtime/system-calls.ts';
import { joinThread } from '../../../../userland/runtime/thread.ts';
import { fileServers } from '../../../../userland/servers/index.ts';
import { Dice } from './agent.ts';
import { check, repair, treeOf } from './ext2-image.ts';
import { byteAt } from './model.ts';

export interface Crash {
  readonly image: Uint8Array;
  readonly harts: number;
  readonly seed: number;
  /** Files that each agent makes. */
  readonly files: number;
  readonly faults?: readonly Fault[];
}

const MOST = 6000;
const SECTOR = 512;
const OFTEN = 3;

/** What must be on the disk, by path: what a byte of it begins with, and how many there are. */
type Promised = Map<string, { readonly first: number; readonly bytes: number }>;

/** A run, or the beginning of one. */
export interface Crashed {
  readonly disk: Uint8Array;
  readonly cycles: number;
  readonly promised: Promised;
  readonly ended: boolean;
  readonly output: string;
}

/** Runs agents who make files, sync them, and then move, shorten or remove some, until they are done or the power fails. */
export function runUntil({ image, harts, seed, files: count, faults = [] }: Crash): Crashed {
  const promised: Promised = new Map();
  const disk = { blocks: image.length / SECTOR, seek: 20_000, transfer: 500 };
  const config = presetConfig('cc-numa', { harts, seed, set: { memoryPerNode: 8 << 20, disk } });
  function* agent(index: number, block: number): Code<number> {
    const env = new Env(block);
    const binding = yield* FileSystem.attach(filesByLrpc, env);
    if (binding < 0) return 1;
    const files = yield* FileSystem.at(filesByLrpc, binding, env);
    const buffer = yield* mmap(0, MOST, MAP.READ | MAP.WRITE, 0);
    return yield* work(files, buffer, `/t${index}`, new Dice(seed + 31 * index), count, promised);
  }
  function* main(_argument: number, block: number): Code<number> {
    const others: number[] = [];
    for (let index = 1; index < harts; index++)
      others.push(yield* threadSpawn(yield addressOf(agent), index, index));
    let failed = yield* agent(0, block);
    for (const thread of others) failed += yield* joinThread(new Env(block), thread);
    return failed;
  }
  const ran = runKernel(main, { config, disk: image, servers: fileServers, faults, steps: 100_000_000 });
  const ended = ran.stop.kind === 'halted' && ran.stop.status === 0;
  return { disk: ran.disk, cycles: ran.machine.now(), promised, ended, output: ran.output };
}

function* work(
  files: FileSystem,
  buffer: number,
  base: string,
  dice: Dice,
  count: number,
  promised: Promised,
): Code<number> {
  let directory = base;
  yield* files.mkdir(directory);
  for (let index = 0; index < count; index++) {
    if (dice.below(OFTEN) === 0) {
      directory = `${base}/d${index}`;
      yield* files.mkdir(directory);
    }
    const path = `${directory}/f${index}`;
    const bytes = dice.below(MOST);
    const first = dice.below(256);
    for (let at = 0; at < bytes; at++) yield store8(buffer + at, byteAt(first, at));
    const file = yield* files.open(path, OPEN.WRITE | OPEN.CREATE);
    const written = yield* files.write(file, buffer, bytes);
    const synced = yield* files.fsync(file);
    // From here on it must be there.
    if (written === bytes && synced === 0) promised.set(path, { first, bytes });
    yield* files.close(file);
    yield* disturb(files, dice, promised, base);
  }
  return 0;
}

/** Does something to a file that was synced: nothing is promised of it any more. */
function* disturb(files: FileSystem, dice: Dice, promised: Promised, base: string): Code {
  const mine = [...promised.keys()].filter((path) => path.startsWith(`${base}/`));
  if (mine.length < 2 || dice.below(OFTEN) !== 0) return;
  const path = dice.of(mine);
  promised.delete(path);
  switch (dice.below(3)) {
    case 0:
      yield* files.unlink(path);
      return;
    case 1:
      yield* files.rename(path, `${path}.moved`);
      return;
    default: {
      const file = yield* files.open(path, OPEN.WRITE);
      yield* files.ftruncate(file, dice.below(MOST));
      yield* files.close(file);
    }
  }
}

/** What e2fsck may never say: that something is used and marked free, belongs to two, or is not what it should be. */
const FORBIDDEN = [
  /multiply-claimed/i,
  /block bitmap differences:.*\+/i,
  /inode bitmap differences:.*\+/i,
  /deleted\/unused inode/i,
  /illegal block/i,
  /invalid inode number/i,
  /corrupt/i,
  /duplicate/i,
] as const;

/** What is wrong with what the disk holds after the power has failed; undefined if nothing is. */
export function whatIsLost({ disk, promised }: Crashed): string | undefined {
  const checked = check(disk);
  const forbidden = FORBIDDEN.find((pattern) => pattern.test(checked.text));
  if (forbidden !== undefined) return `e2fsck -fn: ${checked.text}`;
  const repaired = repair(disk);
  if (repaired.checked.status > 1) return `e2fsck -fy: ${repaired.checked.text}`;
  const again = check(repaired.image);
  if (again.status !== 0) return `e2fsck -fn after -fy: ${again.text}`;
  const tree = treeOf(repaired.image);
  for (const [path, { first, bytes }] of promised) {
    const found = tree.get(path);
    if (found === undefined) return `${path} is gone`;
    if (found.length !== bytes) return `${path} has ${found.length} bytes of ${bytes}`;
    const wrong = found.findIndex((byte, at) => byte !== byteAt(first, at));
    if (wrong >= 0) return `${path} is wrong at byte ${wrong} of ${bytes}`;
  }
  return undefined;
}

/** Runs to the end, then again and again, each time cut off at another moment; gives the first loss. */
export function firstLoss(crash: Crash, kills: number): string | undefined {
  const whole = runUntil(crash);
  if (!whole.ended) return `it does not end: ${whole.output}`;
  const complete = whatIsLost(whole);
  if (complete !== undefined) return complete;
  const dice = new Dice(crash.seed);
  for (let kill = 0; kill < kills; kill++) {
    const cycle = Math.floor((whole.cycles * (1 + dice.below(1 << 20))) / (1 << 20));
    const cut = runUntil({ ...crash, faults: [{ kind: 'powerLoss', after: 'cycles', count: cycle }] });
    const lost = whatIsLost(cut);
    if (lost !== undefined) return `cut off at cycle ${cycle} of ${whole.cycles}: ${lost}`;
  }
  return undefined;
}
