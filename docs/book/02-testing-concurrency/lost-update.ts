/** Every hart adds 1 to a counter, with a load and a store, or with one atomic instruction. Do they all count? */
import { type Code, fetchAndAdd, load, program, spinUntil, store } from 'eddy-os/userland';

export default program({
  name: 'lost-update',
  summary: 'Adds to a counter without a lock',
  parameters: {
    atomic: { summary: '1: with one instruction', default: 0, min: 0, max: 1 },
  },
  *main() {},
  *bare(env, { atomic }): Code {
    const harts = yield* env.harts();
    const count = yield* env.memory();
    const done = count + 64;
    if (atomic) yield fetchAndAdd(count, 1);
    else yield store(count, (yield load(count)) + 1);
    yield fetchAndAdd(done, 1);
    if (env.hart() > 0) return;
    yield spinUntil(done, harts);
    const all = yield load(count);
    yield* env.print(`check total: ${all === harts ? 'ok' : 'FAILED'} counted ${all} of ${harts}\n`);
  },
});
