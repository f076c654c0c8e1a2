/**
 * A thread of `load`: thinks, and does a job, which goes over the thread's memory and computes in between, until it is
 * told that the run is over. Reload of a cache is what the machine makes of it; nothing here knows of caches.
 */
import { type Code, load, mark, MARK, store, work } from '../../hw/isa/index.ts';
import { MAP } from '../../kernel/abi/index.ts';
import { draw } from '../runtime/distribution.ts';
import { LINE } from '../runtime/line.ts';
import { nextRandom } from '../runtime/random.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { clock, futexWait, mmap, sleep, yieldHart } from '../runtime/system-calls.ts';
import { type Duty, LoadRecord } from './load-block.ts';

/** What `clock` gives has so many values. */
const CLOCK_MASK = 0x7fff_ffff;

/** Gives how many jobs it has done, or -1 if its memory does not hold what it wrote. */
export function* loadThread(address: number): Code<number> {
  const record = new LoadRecord(address);
  const duty = yield* record.duty();
  const memory = orThrow('mmap', yield* mmap(0, duty.footprint, MAP.READ | MAP.WRITE, 0));
  while ((yield load(duty.gate)) === 0) yield* futexWait(duty.gate, 0, 0);
  let state = duty.seed;
  let [jobs, written] = [0, 0];
  let arrival = yield* clock();
  while (!(yield* record.isOver())) {
    const pause = draw(state, duty.think, duty.spread);
    const service = draw(pause.state, duty.service, duty.spread);
    state = service.state;
    arrival = (arrival + pause.cycles) & CLOCK_MASK;
    yield* waitForJob(duty.isOpen === 0 ? pause.cycles : signed(arrival - (yield* clock())));
    yield mark(MARK.jobBegun);
    const done = yield* job(memory, duty, service.cycles, state);
    yield mark(MARK.jobEnded);
    state = done.state;
    written += done.written;
    jobs++;
  }
  let sum = 0;
  for (let at = 0; at < duty.footprint; at += LINE) sum += yield load(memory + at);
  return sum === written ? jobs : -1;
}

/** Waits until the next job is there. One that has waited already (negative) is done at once. */
function* waitForJob(cycles: number): Code {
  yield mark(MARK.jobReady, cycles);
  if (cycles > 0) orThrow('sleep', yield* sleep(cycles));
  else yield* yieldHart();
}

// DOC: load-job
/** Goes over the memory, writes some of the lines, and computes for so long in between. */
function* job(
  memory: number,
  { footprint, passes, writes }: Duty,
  service: number,
  first: number,
): Code<{ readonly state: number; readonly written: number }> {
  const visits = passes * Math.ceil(footprint / LINE);
  const share = Math.floor(service / visits);
  let state = first;
  let written = 0;
  for (let visit = 0; visit < visits; visit++) {
    const word = memory + ((visit * LINE) % (LINE * Math.ceil(footprint / LINE)));
    const value = yield load(word);
    state = nextRandom(state);
    if (state % 100 < writes) {
      yield store(word, value + 1);
      written++;
    }
    if (share > 0) yield work(share);
  }
  const rest = service - share * visits;
  if (rest > 0) yield work(rest);
  return { state, written };
}

/** The difference of two clocks that are less than 2^30 apart. */
const signed = (difference: number): number => (difference << 1) >> 1;
