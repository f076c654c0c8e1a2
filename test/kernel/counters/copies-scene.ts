/**
 * A random load on one counter: a thread on every hart adds to it, reads it, and has it replaced. Each announces an
 * addition before it begins, and when it is over. What a thread reads lies between what was over before, and what
 * has begun after; and at the end everybody reads the same.
 */
import fc from 'fast-check';
import { addressOf, type Code, fetchAndAdd, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { COUNTER_POLICY, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { checkInvariants } from '../../../kernel/index.ts';
import { type Entry, run, sys } from '../run.ts';

export interface Scene {
  readonly preset: string;
  readonly harts: number;
  readonly storeBuffer: number;
  /** Harts that share a copy. */
  readonly degree: number;
  readonly seed: number;
  /** What each hart does: adds so much; reads (0); or has the counter replaced by copies of another degree (below 0). */
  readonly lists: readonly (readonly number[])[];
}

const actions = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(-1, -2) },
);

export const scenes: fc.Arbitrary<Scene> = fc.record({
  preset: fc.constantFrom('cc-numa', 'cc-numa', 'smp'),
  harts: fc.integer({ min: 1, max: 8 }),
  storeBuffer: fc.constantFrom(0, 0, 4),
  degree: fc.constantFrom(1, 1, 2, 4),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  lists: fc.array(fc.array(actions, { minLength: 5, maxLength: 15, size: 'max' }), {
    minLength: 8,
    maxLength: 8,
  }),
});

/** Words of the page that the threads share; the places of harts lie before them. */
const HANDLE = 1024;
const HERE = 1088;
const BEGUN = 1152;
const OVER = 1216;
const AT_END = 1280;

/** Plays a scene with copies kept equal by calls; gives what was found wrong. */
export function play({ preset, harts, storeBuffer, degree, seed, lists }: Scene): string[] {
  const problems: string[] = [];
  const meet = function* (word: number): Code {
    yield fetchAndAdd(word, 1);
    yield spinUntil(word, harts);
  };
  const readBetween = function* (page: number, who: string): Code {
    const least = yield load(page + OVER);
    const value = yield sys('counterRead', yield load(page + HANDLE));
    const most = yield load(page + BEGUN);
    if (value < least || value > most) problems.push(`${who} read ${value}, not ${least} to ${most}`);
  };
  const act = function* (page: number, action: number, who: string): Code {
    const handle = yield load(page + HANDLE);
    if (action === 0) yield* readBetween(page, who);
    else if (action < 0)
      yield sys('counterReplace', handle, COUNTER_POLICY.REPLICATED, Math.min(-action, harts));
    else {
      yield fetchAndAdd(page + BEGUN, action);
      if ((yield sys('counterAdd', handle, action)) !== 0) problems.push(`${who} could not add`);
      yield fetchAndAdd(page + OVER, action);
    }
  };
  const thread: Entry = function* (place) {
    const page = place & -LIMIT.PAGE;
    const hart = (place - page) >>> 2;
    yield* meet(page + HERE);
    for (const action of lists[hart] ?? []) yield* act(page, action, `hart ${hart}`);
    yield* meet(page + AT_END);
    yield* readBetween(page, `hart ${hart}, at the end,`);
    yield* meet(page + AT_END + 64);
    return 0;
  };
  const first: Entry = function* () {
    const page = yield sys('mmap', 0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0);
    const handle = yield sys('counterCreate', COUNTER_POLICY.REPLICATED, Math.min(degree, harts));
    yield store(page + HANDLE, handle);
    const entry = yield addressOf(thread);
    for (let hart = 1; hart < harts; hart += 1) yield sys('threadSpawn', entry, page + 4 * hart, hart);
    yield* thread(page, 0);
    return 0;
  };
  const options = { 'objects.consistency': 'calls' };
  const shape = preset === 'smp' ? {} : { nodes: harts };
  const { machine, stop } = run(first, {
    preset,
    harts,
    ...shape,
    seed,
    set: { storeBuffer },
    options,
    steps: 2e6,
  });
  if (stop.kind !== 'halted' || stop.status !== 0) problems.push(`it ended so: ${JSON.stringify(stop)}`);
  else for (const { id, ok, detail } of checkInvariants(machine)) if (!ok) problems.push(`${id}: ${detail}`);
  return problems;
}

/** What is wrong with the first of so many scenes that has something wrong; undefined if none has. */
export function firstProblem(count: number, seed: number): string | undefined {
  for (const scene of fc.sample(scenes, { numRuns: count, seed })) {
    const [problem] = play(scene);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
