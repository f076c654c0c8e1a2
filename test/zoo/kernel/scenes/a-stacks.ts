/** Two threads call by LRPC through one binding, and take their A-stacks from the same list. */
import {
  type Code,
  clientOf,
  defineInterface,
  implement,
  LIMIT,
  load,
  lrpc,
  orThrow,
  procedure,
  spawnThread,
  store,
  word,
} from '../../../../userland/index.ts';
import { awaitWord, newPage, together, WORD } from './together.ts';

const Adder = defineInterface('adder', {
  add: procedure({ a: word, b: word }, { sum: word }, { simultaneous: 2 }),
});

const adder = implement(Adder, {
  *add({ a, b }) {
    return { sum: a + b };
  },
});

const client = clientOf(Adder, lrpc);

function* serves(shared: number): Code {
  yield* lrpc.serve(adder, yield load(shared + WORD.page), 0, 0);
}

function* calls(shared: number, a: number): Code {
  const answer = yield* client.call.add(yield load(shared + WORD.other), { a, b: 1 });
  if (answer.kind === 'failed') throw new Error(`the call gives ${answer.error}`);
  if (answer.results.sum !== a + 1) throw new Error(`the sum is ${answer.results.sum}`);
}

export const aStacks = together({
  name: 'a-stacks',
  summary: 'Two threads call through one binding',
  *prepare(shared) {
    yield store(shared + WORD.page, orThrow('lrpcExport', yield* lrpc.export(adder)));
    yield* spawnThread(serves, shared, 0);
    const binding = yield* newPage();
    if (client.bindingSize > LIMIT.PAGE) throw new Error('a binding is too large');
    orThrow('lrpcBind', yield* client.bind(binding));
    yield store(shared + WORD.other, binding);
    yield* calls(shared, 0);
  },
  *other(shared) {
    yield* awaitWord(shared);
    yield* calls(shared, 10);
  },
  *first(shared) {
    yield* calls(shared, 20);
  },
});
