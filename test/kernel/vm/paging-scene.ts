/**
 * A program under memory pressure, for the kernel as it is and for one with a planted bug: many threads write and read
 * more pages than there are frames, each its own words of pages that all share, and pages that come and go; each knows
 * what it has written. No host state is shared: a thread's model is its own.
 */
import {
  addressOf,
  type Code,
  environmentCall,
  type Instruction,
  load,
  store,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { LIMIT, MAP, SYSCALL, type SyscallName } from '../../../kernel/abi/index.ts';
import { bootKernel, checkInvariants, inspectPaging, type KernelOptions } from '../../../kernel/index.ts';

const PAGE = LIMIT.PAGE;
const RW = MAP.READ | MAP.WRITE;

/** Pages that all threads share, anonymous and of the disk from BLOCK on; pages of a region that comes and goes. */
const SHARED = 24;
const OWN = 3;
const BLOCK = 64;
const THREADS = 6;
const TURNS = 40;
/** A page as the kernel lends it for what it stores on behalf of threads. */
const FUTEX = 8;

const sys = (name: SyscallName, ...words: number[]): Instruction => environmentCall(SYSCALL[name], ...words);

function* check(actual: number, expected: number, status: number): Code {
  if (actual !== expected) yield sys('exit', status);
}

/** A generator of numbers, of which each thread has one of its own. */
function numbers(seed: number): (below: number) => number {
  let state = (seed * 2654435761) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What a thread leaves in a page of the disk at the end. */
const lastWord = (page: number, thread: number): number => 0x5000_0000 + 256 * page + thread;

/** The table of what a thread needs to know lies in a page: bases of both shared regions, and its number and seed. */
function* works(table: number): Code<number> {
  const me = yield load(table);
  const bases = [yield load(table + 4), yield load(table + 8)] as const;
  const draw = numbers(yield load(table + 12));
  const known = [new Map<number, number>(), new Map<number, number>()] as const;
  for (let turn = 1; turn <= TURNS; turn += 1) {
    const which = draw(2) as 0 | 1;
    const page = draw(SHARED);
    const at = bases[which] + page * PAGE + 64 * (1 + me);
    const kind = draw(8);
    if (kind < 4) {
      yield store(at, turn * 256 + me);
      known[which].set(page, turn * 256 + me);
    } else if (kind < 7) {
      yield* check(yield load(at), known[which].get(page) ?? 0, 10);
    } else {
      yield* comesAndGoes(turn, me);
    }
    // The kernel reads a word of the page where it lies.
    if (kind === 3) yield* check(yield sys('futexWake', at, 1), 0, 11);
  }
  for (const which of [0, 1] as const)
    for (const [page, value] of known[which])
      yield* check(yield load(bases[which] + page * PAGE + 64 * (1 + me)), value, 12);
  for (let page = 0; page < SHARED; page += 1)
    yield store(bases[1] + page * PAGE + 64 * (1 + me), lastWord(page, me));
  return me;
}

function* comesAndGoes(turn: number, me: number): Code {
  const base = yield sys('mmap', 0, OWN * PAGE, RW, 0);
  if (base < 0) return;
  for (let page = 0; page < OWN; page += 1) yield* check(yield load(base + page * PAGE + 4), 0, 13);
  for (let page = 0; page < OWN; page += 1) yield store(base + page * PAGE + 4, turn + page + me);
  for (let page = 0; page < OWN; page += 1)
    yield* check(yield load(base + page * PAGE + 4), turn + page + me, 14);
  yield* check(yield sys('munmap', base, OWN * PAGE), 0, 15);
}

function* main(_: number, threadBlock: number): Code<number> {
  const seed = (yield sys('clock')) & 0xffff;
  const anonymous = yield sys('mmap', 0, SHARED * PAGE, RW, 0);
  const onDisk = yield sys('mmap', 0, SHARED * PAGE, RW | MAP.DISK | MAP.SHARED, BLOCK);
  const tables = yield sys('mmap', 0, PAGE, RW, 0);
  const threads: number[] = [];
  for (let me = 0; me < THREADS; me += 1) {
    const table = tables + 64 * (me + 1);
    for (const [index, word] of [me, anonymous, onDisk, seed + me].entries())
      yield store(table + 4 * index, word);
    threads.push(yield sys('threadSpawn', yield addressOf(works), table, -1));
  }
  for (const [me, thread] of threads.entries()) {
    yield* check(yield sys('threadJoin', thread, threadBlock - FUTEX * 64), 0, 20);
    yield* check(yield load(threadBlock - FUTEX * 64), me, 21);
  }
  yield* check(yield sys('munmap', onDisk, SHARED * PAGE), 0, 22);
  return 0;
}

/** On what to play. */
export interface PagingChoice {
  readonly preset?: string;
  readonly harts?: number;
  /** Default 1, so that the frames are counted at once. */
  readonly nodes?: number;
  readonly seed?: number;
  readonly storeBuffer?: number;
  readonly options?: KernelOptions;
}

/** So few frames that what the kernel needs and some pages just fit. */
export const FEW: KernelOptions = Object.freeze({ framesPerNode: 44, swap: 64 });

export interface Played {
  /** What is wrong, or undefined. */
  readonly broken: string | undefined;
  /** Pages that have left memory. */
  readonly pagesOut: number;
}

/** Plays the scene to its end. */
export function playPaging(choice: PagingChoice = {}): Played {
  const { preset = 'cc-numa', harts = 4, nodes = 1, seed = 1, storeBuffer = 0, options = FEW } = choice;
  const set = { memoryPerNode: 1 << 20, storeBuffer, disk: { blocks: 1024, seek: 400, transfer: 20 } };
  const machine = new Machine(presetConfig(preset, { harts, nodes, seed, set }));
  bootKernel(machine, { entry: main, options });
  const stop = machine.run({ instructions: 6_000_000 });
  return { broken: whatIsBroken(machine, stop), pagesOut: inspectPaging(machine).pagesOut };
}

function whatIsBroken(machine: Machine, stop: ReturnType<Machine['run']>): string | undefined {
  if (stop.kind !== 'halted' || stop.status !== 0) return `${JSON.stringify(stop)} ${machine.console.text()}`;
  const invariant = checkInvariants(machine).find(({ ok }) => !ok);
  if (invariant !== undefined) return `${invariant.id}: ${invariant.detail}`;
  const { image } = machine.disk;
  const words = new Int32Array(image.buffer, image.byteOffset, image.length / 4);
  for (let page = 0; page < SHARED; page += 1)
    for (let thread = 0; thread < THREADS; thread += 1)
      if (words[(BLOCK * 512 + page * PAGE + 64 * (1 + thread)) / 4] !== lastWord(page, thread))
        return `page ${page} of the disk is not what thread ${thread} has written`;
  return undefined;
}
