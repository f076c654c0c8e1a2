/**
 * The teaching example of clustered objects: one counter of the kernel, used by a thread on every hart, behind one
 * interface in four forms; and replaced by another form while it is used.
 *
 * A word of shared memory says what a thread needs: the counter's handle is passed as the threads' argument, the
 * rounds are in memory, since a thread starts with one word.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { COUNTER_POLICY, ERROR, LIMIT, MAP } from '../../kernel/abi/index.ts';
import { program } from '../program.ts';
import { report } from '../runtime/print.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import {
  counterAdd,
  counterCreate,
  counterDestroy,
  counterRead,
  counterReplace,
  mmap,
} from '../runtime/system-calls.ts';
import { joinThread, spawnThread } from '../runtime/thread.ts';

const FORM = { shared: 0, grouped: 1, replicated: 2, partitioned: 3, configured: 4 } as const;
const NO = 5;
const REPLACE = { ...FORM, no: NO } as const;

/** Words of the memory that the threads share. */
const COUNTER = 0;
const ROUNDS = 4;
const READS = 8;
/** Numbers of the threads, a word each. */
const NUMBERS = 64;

export default program({
  name: 'counter',
  summary: 'A counter object of the kernel: shared, grouped, replicated or partitioned',
  needs: ['shared-memory'],
  parameters: {
    form: { default: FORM.partitioned, min: 0, max: 4, choices: FORM, summary: 'Form of the counter' },
    replace: { default: NO, min: 0, max: NO, choices: REPLACE, summary: 'Form that replaces it in use' },
    threads: { default: 0, min: 0, max: 256, summary: 'Threads, spread over the harts (0: one for each)' },
    rounds: { default: 50, min: 1, max: 1_000_000, summary: 'Additions of each thread' },
    reads: { default: 0, min: 0, max: 100, summary: 'A thread reads after so many additions (0: never)' },
  },
  checks: ['sum', 'stale', 'forged'],

  *main(env, { form, replace, threads: asked, rounds, reads }) {
    const harts = yield* env.harts();
    const threads = asked === 0 ? harts : asked;
    const memory = orThrow('mmap', yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0));
    const counter = orThrow('counterCreate', yield* counterCreate(policyOf(form), hartsOf(form, harts)));
    yield store(memory + COUNTER, counter);
    yield store(memory + ROUNDS, rounds);
    yield store(memory + READS, reads);
    for (let index = 0; index < threads; index++)
      yield store(memory + NUMBERS + 4 * index, yield* spawnThread(adder, memory, index % harts));
    if (replace !== NO) {
      const started = yield* counterReplace(counter, policyOf(replace), hartsOf(replace, harts));
      // EBUSY: the kernel's own policy was faster (kernel.objects.adapt).
      if (started !== ERROR.EBUSY) orThrow('counterReplace', started);
    }
    let added = 0;
    for (let index = 0; index < threads; index++)
      added += yield* joinThread(env, yield load(memory + NUMBERS + 4 * index));
    const sum = orThrow('counterRead', yield* counterRead(counter));
    orThrow('counterDestroy', yield* counterDestroy(counter));
    const stale = yield* counterAdd(counter, 1);
    const forged = yield* counterRead(counter ^ 1);
    let ok = yield* report(env, 'sum', sum === added, `${sum} after ${added} additions`);
    ok = (yield* report(env, 'stale', stale === ERROR.EBADF, 'a destroyed counter is refused')) && ok;
    ok = (yield* report(env, 'forged', forged === ERROR.EBADF, 'a forged handle is refused')) && ok;
    return ok ? 0 : 1;
  },
});

const policyOf = (form: number): number =>
  form === FORM.replicated ? COUNTER_POLICY.REPLICATED : COUNTER_POLICY.PARTITIONED;

/** Harts that share a representative; 0 leaves it to the kernel. */
const hartsOf = (form: number, harts: number): number => {
  if (form === FORM.configured) return 0;
  if (form === FORM.shared) return harts;
  return form === FORM.grouped ? Math.min(4, harts) : 1;
};

// DOC: counter-adder
/** What each thread runs. Gives how often it has added. */
function* adder(memory: number): Code<number> {
  const counter = yield load(memory + COUNTER);
  const rounds = yield load(memory + ROUNDS);
  const reads = yield load(memory + READS);
  let last = 0;
  for (let round = 1; round <= rounds; round++) {
    orThrow('counterAdd', yield* counterAdd(counter, 1));
    if (reads === 0 || round % reads !== 0) continue;
    const value = orThrow('counterRead', yield* counterRead(counter));
    // Nobody takes anything away: what a thread reads never falls.
    if (value < last || value < round) throw new Error(`read ${value} after ${last}, in round ${round}`);
    last = value;
  }
  return rounds;
}
