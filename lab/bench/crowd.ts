/**
 * What harts that do nothing cost the host: one hart executes instructions while all others spin on q-nodes of
 * one MCS lock, or halt in wfi.
 */
import { type Code, load, store, waitForInterrupt, work } from '../../hw/isa/index.ts';
import { Machine } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import { McsLock } from '../../userland/sync/index.ts';
import { secondsOf } from './measure.ts';

export interface CrowdMeasurement {
  readonly harts: number;
  /** Instructions of the one hart that works. */
  readonly instructions: number;
  readonly spinningSeconds: number;
  readonly haltedSeconds: number;
  /** How many times longer it takes beside spinners than beside harts in wfi. */
  readonly ratio: number;
}

const LOCK = 0x2_0000;
const NODES = 0x4_0000;
const NODE_SIZE = 64;
const OWN = 0x10_0000;
const WORDS = 1024;
/** Cycles after which every hart has got where it waits. */
const GATHERED = 5_000_000;
/** Runs of which the fastest counts. */
const RUNS = 5;

const nodeOf = (hart: number): number => NODES + hart * NODE_SIZE;

function* worker(): Code {
  yield* new McsLock(LOCK).acquire(nodeOf(0));
  yield work(GATHERED);
  for (let round = 0; ; round++) {
    const address = OWN + 4 * (round % WORDS);
    const value = yield load(address);
    yield store(address, value + 1);
  }
}

function* spinner(hart: number): Code {
  // The first hart is to have the lock before anybody asks for it.
  yield work(1000);
  yield* new McsLock(LOCK).acquire(nodeOf(hart));
}

function* halted(): Code {
  for (;;) yield waitForInterrupt();
}

export function measureCrowd(harts: number, instructions: number): CrowdMeasurement {
  const spinning = gathered(spinner, 'spinning', harts);
  const waiting = gathered(halted, 'waiting', harts);
  const work = (machine: Machine): number => secondsOf(() => void machine.run({ instructions }));
  // In turn, so that neither has a host to itself that the other had not.
  const runs = Array.from({ length: RUNS }, () => ({ spinning: work(spinning), halted: work(waiting) }));
  const spinningSeconds = Math.min(...runs.map((run) => run.spinning));
  const haltedSeconds = Math.min(...runs.map((run) => run.halted));
  return { harts, instructions, spinningSeconds, haltedSeconds, ratio: spinningSeconds / haltedSeconds };
}

/** A machine whose first hart is about to work, and whose others are where they wait. */
function gathered(
  others: (hart: number) => Code,
  doing: ReturnType<Machine['activity']>,
  harts: number,
): Machine {
  const machine = new Machine(presetConfig('cc-numa', { harts, seed: 1 }));
  machine.start(0, worker);
  for (let hart = 1; hart < harts; hart++) machine.start(hart, others, hart);
  machine.run({ cycles: GATHERED });
  for (let hart = 1; hart < harts; hart++)
    if (machine.activity(hart) !== doing)
      throw new Error(`hart ${hart} is ${machine.activity(hart)}, not ${doing}`);
  return machine;
}
