/** The smallest program: one line from the first thread. */
import { program } from '../program.ts';

export default program({
  name: 'hello',
  summary: 'Says hello, and where it runs',
  *main(env) {
    const hart = yield* env.hart();
    const harts = yield* env.harts();
    const node = yield* env.node();
    yield* env.print(`hello from hart ${hart} of ${harts}, node ${node}\n`);
  },
});
