/** A program that makes the kernel take most of its locks: threads, processes, memory, futexes, disk and console. */
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { MAP, THREAD_BLOCK } from '../../../kernel/abi/index.ts';
import { sys } from '../run.ts';

const ROUNDS = 2;
const PAGE = 4096;

function* worker(turn: number): Code<number> {
  const disk = turn % 2 === 0 ? MAP.DISK : 0;
  for (let round = 0; round < ROUNDS; round++) {
    const base = yield sys('mmap', 0, 2 * PAGE, MAP.READ | MAP.WRITE | disk, 8 * turn);
    if (base < 0) return 1;
    yield store(base, turn);
    yield store(base + PAGE, turn);
    yield sys('futexWait', base, turn, 500);
    yield sys('futexWake', base, 1);
    if ((yield sys('munmap', base, 2 * PAGE)) !== 0) return 2;
  }
  return 0;
}

function* child(turn: number): Code<number> {
  const thread = yield sys('threadSpawn', yield addressOf(worker), turn, -1);
  if (thread < 0) return 3;
  return yield sys('threadJoin', thread, 0);
}

/** First procedure of the first process. */
export function* churn(_: number, block: number): Code<number> {
  const harts = yield load(block + THREAD_BLOCK.HARTS);
  const threads: number[] = [];
  const children: number[] = [];
  for (let turn = 0; turn < harts; turn++) {
    threads.push(yield sys('threadSpawn', yield addressOf(worker), turn, turn));
    children.push(yield sys('spawn', yield addressOf(child), turn, turn));
  }
  const text = block - 512;
  yield store(text, 0x0a6b6f);
  yield sys('consoleWrite', text, 3);
  for (const thread of threads) if ((yield sys('threadJoin', thread, 0)) !== 0) return 4;
  for (const process of children) if ((yield sys('wait', process, 0)) !== process) return 5;
  return 0;
}
