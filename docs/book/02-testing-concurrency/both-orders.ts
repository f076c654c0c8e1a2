/** Two harts take two locks in opposite orders. They do not meet, this time: hart 1 comes later. */
import { type Code, program, TestAndSetLock, work } from 'eddy-os/userland';

export default program({
  name: 'both-orders',
  summary: 'Takes two locks in both orders',
  parameters: {
    later: { summary: 'Cycles by which hart 1 comes later', default: 5000, min: 0, max: 100_000 },
  },
  *main() {},
  *bare(env, { later }): Code {
    const memory = yield* env.memory();
    const one = new TestAndSetLock(memory);
    const two = new TestAndSetLock(memory + 64);
    const order = env.hart() === 0 ? [one, two] : [two, one];
    if (env.hart() > 0) yield work(later);
    for (const lock of order) yield* lock.acquire();
    for (const lock of order) yield* lock.release();
  },
});
