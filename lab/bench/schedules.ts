/** How many schedules the explorer gets through per host second: three threads and a lock, without a kernel. */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { Machine } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import { McsLock } from '../../userland/sync/index.ts';
import { everyExecution } from '../explore/every-execution.ts';
import { secondsOf } from './measure.ts';

const THREADS = 3;
const LOCK = 0x1000;
const COUNTER = 0x1040;
const NODES = 0x2000;
/** The smallest machine that holds it: it is built anew for each schedule. */
const SMALL = {
  memoryPerNode: 1 << 20,
  l1: { size: 1024, ways: 2, line: 64 },
  disk: { blocks: 8, seek: 0, transfer: 1 },
} as const;

function* thread(hart: number): Code {
  const lock = new McsLock(LOCK);
  const node = NODES + hart * 64;
  yield* lock.acquire(node);
  const value = yield load(COUNTER);
  yield store(COUNTER, value + 1);
  yield* lock.release(node);
}

/** Searches all schedules (some hundreds), as often as it takes to have run so many. */
export function schedulesPerSecond(wanted: number): number {
  let schedules = 0;
  const seconds = secondsOf(() => {
    while (schedules < wanted)
      schedules += everyExecution(build, check, { limit: wanted - schedules }).executions;
  });
  return schedules / seconds;
}

const CONFIG = presetConfig('smp', { harts: THREADS, set: SMALL });

function build(): Machine {
  const machine = new Machine(CONFIG);
  for (let hart = 0; hart < THREADS; hart++) machine.start(hart, thread, hart);
  return machine;
}

function check(machine: Machine): void {
  if (machine.peek(COUNTER) !== THREADS) throw new Error('the lock let two threads in at once');
}
