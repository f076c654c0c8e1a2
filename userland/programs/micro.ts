/**
 * Tornado's micro-benchmarks (OSDI 1999): what one operation costs when every hart does the same at the same time, as
 * threads of one process or as processes of one thread each. An operation is a page fault that finds its page in memory,
 * the making and joining of a thread that ends at once, or a question to the file server about a file. Each worker works on its own hart, on pages of its own, in a
 * region of its own; threads can also share one region, or the very pages.
 *
 * Workers of different processes share no memory, so they begin by the clock; one that is late says so, and the run has
 * failed. Each reads the clock before and after, and prints what an operation took.
 */
import { addressOf, type Code, load, store } from '../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../kernel/abi/index.ts';
import { Env } from '../runtime/env.ts';
import { program } from '../program.ts';
import { LINE } from '../runtime/line.ts';
import { report } from '../runtime/print.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { mmap, pageUnmap, spawn, threadJoin, threadSpawn, wait } from '../runtime/system-calls.ts';
import { joinThread } from '../runtime/thread.ts';
import { fstatWorker, NO_FILE } from './micro-fstat.ts';
import { awaitStart, LATE, operationsOf, timed, toldWord } from './micro-worker.ts';

const TESTS = { fault: 0, thread: 1, fstat: 2 } as const;
const FORMS = { threads: 0, processes: 1 } as const;
const SHARING = { own: 0, region: 1, pages: 2 } as const;

const MOST_OPERATIONS = 2048;
/** Where the region lies that threads share. */
const SHARED = 0x2000_0000;
/** Cycles until the work begins: for each worker, and for each page that it brings in. Waiting costs the host nothing. */
const PER_WORKER = 500_000;
const PER_PAGE = 20_000;

export default program({
  name: 'micro',
  summary:
    'Tornado’s micro-benchmarks: page faults, threads or fstat, by threads of one process or processes',
  needs: ['shared-memory'],
  parameters: {
    test: { default: 0, min: 0, max: 2, choices: TESTS, summary: 'What is done (fstat: with --disk)' },
    form: { default: 0, min: 0, max: 1, choices: FORMS, summary: 'Who does it, one on each hart' },
    sharing: {
      default: 0,
      min: 0,
      max: 2,
      choices: SHARING,
      summary: 'What threads that fault have in common',
    },
    workers: { default: 0, min: 0, max: 64, summary: 'How many do it (0: one on each hart)' },
    operations: { default: 32, min: 1, max: MOST_OPERATIONS, summary: 'Operations of each' },
  },
  checks: ['in-time'],

  *main(env, { test, form, sharing, workers, operations }) {
    const harts = yield* env.harts();
    const count = workers === 0 ? harts : Math.min(workers, harts);
    const workersOf = [FAULT_WORKERS[sharing], threadWorker, fstatWorker];
    const entry = yield addressOf(workersOf[test]);
    const told = yield* toldWord(operations, count * PER_WORKER + operations * PER_PAGE);
    if (form === FORMS.threads)
      yield* mapShared(sharing === SHARING.region ? count * operations : operations);
    const numbers = orThrow('mmap', yield* mmap(0, 4 * count, MAP.READ | MAP.WRITE, 0));
    for (let hart = 0; hart < count; hart++) {
      const begun = yield* form === FORMS.threads ? threadSpawn(entry, told, hart) : spawn(entry, told, hart);
      yield store(numbers + 4 * hart, orThrow('spawn', begun));
    }
    let [inTime, noFile] = [0, 0];
    for (let hart = 0; hart < count; hart++) {
      const number = yield load(numbers + 4 * hart);
      const status = yield* form === FORMS.threads ? joinThread(env, number) : waitFor(env, number);
      if (status === 0) inTime++;
      if (status === NO_FILE) noFile++;
    }
    if (noFile > 0)
      yield* env.print(`fstat: ${noFile} workers have no file: give a disk with ext2, --disk IMAGE\n`);
    const all = yield* report(env, 'in-time', inTime === count, `${inTime} of ${count} workers`);
    return all ? 0 : 1;
  },
});

/** Waits for a process; gives the status that it ended with. */
function* waitFor(env: Env, process: number): Code<number> {
  const status = (yield* env.stack()) + LIMIT.CONSOLE;
  orThrow('wait', yield* wait(process, status));
  return yield load(status);
}

/** Maps the region that threads may share; its pages cost nothing until they are touched. */
function* mapShared(pages: number): Code {
  const flags = MAP.READ | MAP.WRITE | MAP.FIXED;
  orThrow('mmap', yield* mmap(SHARED, pages * LIMIT.PAGE, flags, 0));
}

function* ownRegion(told: number, block: number): Code<number> {
  const length = operationsOf(told) * LIMIT.PAGE;
  return yield* faultWorker(told, block, orThrow('mmap', yield* mmap(0, length, MAP.READ | MAP.WRITE, 0)));
}

function* partOfRegion(told: number, block: number): Code<number> {
  const length = operationsOf(told) * LIMIT.PAGE;
  return yield* faultWorker(told, block, SHARED + (yield* new Env(block).hart()) * length);
}

function* samePages(told: number, block: number): Code<number> {
  return yield* faultWorker(told, block, SHARED + LINE * (yield* new Env(block).hart()));
}

const FAULT_WORKERS = Object.freeze([ownRegion, partOfRegion, samePages]);

// DOC: micro-fault
/** Brings pages in, has them unmapped, and touches each again. Gives 0, or LATE. */
function* faultWorker(told: number, block: number, first: number): Code<number> {
  const pages = operationsOf(told);
  yield* touch(first, pages);
  orThrow('pageUnmap', yield* pageUnmap(first - (first % LIMIT.PAGE), pages * LIMIT.PAGE));
  if (!(yield* awaitStart(told))) return LATE;
  yield* timed(new Env(block), pages, touch(first, pages));
  return 0;
}

function* touch(first: number, pages: number): Code {
  for (let page = 0; page < pages; page++) yield store(first + page * LIMIT.PAGE, page);
}

// DOC: micro-thread
/** Makes threads that end at once on its own hart, and waits for each. Gives 0, or LATE. */
function* threadWorker(told: number, block: number): Code<number> {
  const env = new Env(block);
  const hart = yield* env.hart();
  const operations = operationsOf(told);
  yield* makeThreads(1, hart);
  if (!(yield* awaitStart(told))) return LATE;
  yield* timed(env, operations, makeThreads(operations, hart));
  return 0;
}

function* makeThreads(count: number, hart: number): Code {
  const entry = yield addressOf(nothing);
  for (let index = 0; index < count; index++)
    orThrow('threadJoin', yield* threadJoin(orThrow('threadSpawn', yield* threadSpawn(entry, 0, hart)), 0));
}

// biome-ignore lint/correctness/useYield: a thread that ends at once
function* nothing(): Code<number> {
  return 0;
}
