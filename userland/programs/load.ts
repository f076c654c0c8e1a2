/**
 * A load for schedulers: threads that really touch their memory, job after job. Closed: a thread thinks between its
 * jobs. Open: its jobs come when they come, and queue while it is busy. After a time for warming up a period is
 * measured, which marks tell to whoever looks on (`eddy run load --report scheduling,gantt`).
 */
import { type Code, load, mark, MARK, store } from '../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../kernel/abi/index.ts';
import { program } from '../program.ts';
import { SPREAD } from '../runtime/distribution.ts';
import { report } from '../runtime/print.ts';
import { nextRandom } from '../runtime/random.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { futexWake, mmap, sleep } from '../runtime/system-calls.ts';
import { joinThread, spawnThread } from '../runtime/thread.ts';
import { LoadRecord } from './load-block.ts';
import { loadThread } from './load-thread.ts';

const FORM = { closed: 0, open: 1 } as const;
const PLACE = { any: 0, spread: 1 } as const;
const MOST_THREADS = 256;
/** Jobs of I/O-bound threads are this much shorter; they wait as long as the others. */
const SHORTER = 8;
const ANY = -1;
const WORD = 4;

export default program({
  name: 'load',
  summary: 'Threads with footprints, bursts and think times, for comparing schedulers',
  needs: ['shared-memory'],
  parameters: {
    threads: { default: 0, min: 0, max: MOST_THREADS, summary: 'Threads (0: two for each hart)' },
    cycles: {
      default: 400_000,
      min: 1000,
      max: LIMIT.CYCLES,
      summary: 'Length of the period that is measured',
    },
    warm: { default: 100_000, min: 1, max: LIMIT.CYCLES, summary: 'Cycles before it, for warming up' },
    form: {
      default: FORM.closed,
      min: 0,
      max: 1,
      choices: FORM,
      summary: 'Whether threads think between jobs, or jobs arrive whatever happens',
    },
    footprint: {
      default: 8192,
      min: 64,
      max: 1 << 22,
      summary: 'Bytes that a job of a hungry thread touches',
    },
    frugal: { default: 1024, min: 64, max: 1 << 22, summary: 'Bytes that a job of another thread touches' },
    hungry: { default: 100, min: 0, max: 100, summary: 'Percent of the threads that are hungry' },
    passes: { default: 1, min: 1, max: 10_000, summary: 'How often a job goes over its bytes' },
    writes: { default: 30, min: 0, max: 100, summary: 'Percent of the touched lines that are written' },
    service: { default: 4000, min: 0, max: 1 << 24, summary: 'Mean cycles that a job computes' },
    think: { default: 8000, min: 0, max: 1 << 24, summary: 'Mean cycles of thinking, or between arrivals' },
    spread: {
      default: SPREAD.exponential,
      min: 0,
      max: 2,
      choices: SPREAD,
      summary: 'How these times spread about their means',
    },
    io: {
      default: 0,
      min: 0,
      max: 100,
      summary: `Percent of the threads that are I/O-bound: jobs 1/${SHORTER} as long`,
    },
    place: {
      default: PLACE.any,
      min: 0,
      max: 1,
      choices: PLACE,
      summary: 'Whether the kernel places threads, or they are spread over the harts in turn',
    },
    seed: { default: 1, min: 1, max: 1 << 20, summary: 'Of the times and writes' },
  },
  checks: ['jobs', 'memory'],

  *main(env, words) {
    const harts = yield* env.harts();
    const threads = words.threads === 0 ? Math.min(MOST_THREADS, 2 * harts) : words.threads;
    const bytes = threads * (LoadRecord.SIZE + WORD) + WORD;
    const memory = orThrow('mmap', yield* mmap(0, bytes, MAP.READ | MAP.WRITE, 0));
    const gate = memory + threads * LoadRecord.SIZE;
    const numbers = gate + WORD;
    for (let index = 0; index < threads; index++) {
      const isHungry = isAmong(index, words.hungry);
      const isShort = isAmong(index, words.io);
      const { passes, writes, think, spread, form } = words;
      yield* recordOf(memory, index).assign({
        footprint: isHungry ? words.footprint : words.frugal,
        passes,
        writes,
        service: isShort ? Math.ceil(words.service / SHORTER) : words.service,
        think,
        spread,
        isOpen: form,
        seed: nextRandom(nextRandom(words.seed * MOST_THREADS + index)),
        gate,
      });
    }
    for (let index = 0; index < threads; index++) {
      const hart = words.place === PLACE.any ? ANY : index % harts;
      const number = yield* spawnThread(loadThread, recordOf(memory, index).address, hart);
      yield store(numbers + WORD * index, number);
    }
    yield store(gate, 1);
    orThrow('futexWake', yield* futexWake(gate, threads));
    orThrow('sleep', yield* sleep(words.warm));
    yield mark(MARK.periodBegun);
    orThrow('sleep', yield* sleep(words.cycles));
    yield mark(MARK.periodEnded);
    for (let index = 0; index < threads; index++) yield* recordOf(memory, index).finish();
    const { jobs, wrong } = yield* gather(numbers, threads, (number) => joinThread(env, number));
    const done = yield* report(env, 'jobs', jobs > 0, `${jobs} jobs of ${threads} threads`);
    const kept = yield* report(
      env,
      'memory',
      wrong === 0,
      `${wrong} threads found it otherwise than written`,
    );
    return done && kept ? 0 : 1;
  },
});

const recordOf = (memory: number, index: number): LoadRecord =>
  new LoadRecord(memory + index * LoadRecord.SIZE);

/** Whether a thread is among so many percent, which are spread evenly over the threads. */
const isAmong = (index: number, percent: number): boolean =>
  Math.floor(((index + 1) * percent) / 100) > Math.floor((index * percent) / 100);

function* gather(
  numbers: number,
  threads: number,
  join: (number: number) => Code<number>,
): Code<{ readonly jobs: number; readonly wrong: number }> {
  let [jobs, wrong] = [0, 0];
  for (let index = 0; index < threads; index++) {
    const done = yield* join(yield load(numbers + WORD * index));
    if (done < 0) wrong++;
    else jobs += done;
  }
  return { jobs, wrong };
}
