/** A message is unmapped while its call is under way: nobody reads or writes the frame that was given away. */
import { test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT, MAP, PORT_KIND } from '../../../kernel/abi/index.ts';
import { check, expectStatus, sys } from '../run.ts';

const NAME = [5, 5] as const;
const ALL = (LIMIT.MESSAGE << 16) | LIMIT.MESSAGE;
const ROUNDS = 12;

/** Words of the page that the threads share. */
const BINDING = 0;
const MESSAGE = 4;
const STEP = 8;

function* newPages(pages: number): Code<number> {
  return yield sys('mmap', 0, pages * LIMIT.PAGE, MAP.READ | MAP.WRITE, 0);
}

/** Unmaps the message some time after the call has begun; each round a little later. */
function* unmaps(shared: number): Code<number> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    while ((yield load(shared + STEP)) !== round) yield sys('yield');
    yield sys('sleep', 150 * round);
    yield* check(yield sys('munmap', yield load(shared + MESSAGE), LIMIT.PAGE), 0, 30);
    yield store(shared + STEP, -round);
  }
  return 0;
}

/** Gives back what it gets, which must be whole. */
const server = (kind: number) =>
  function* serves(): Code<number> {
    const port = yield sys('portCreate', ...NAME, kind);
    const at = yield* newPages(1);
    let procedure = yield sys('portReceive', port, at, LIMIT.MESSAGE, 0);
    for (;;) {
      if (procedure === ERROR.EAGAIN) procedure = yield sys('portReceive', port, at, LIMIT.MESSAGE, 0);
      else if (procedure < 0) return 0;
      else {
        for (let offset = 0; offset < LIMIT.MESSAGE; offset += 256)
          yield* check(yield load(at + offset), procedure, 20);
        procedure = yield sys('portReplyReceive', port, at, LIMIT.MESSAGE, 0, at, LIMIT.MESSAGE);
      }
    }
  };
const servesMessages = server(PORT_KIND.MESSAGE);
const servesRestricted = server(PORT_KIND.RESTRICTED);

const client = (serves: () => Code<number>) =>
  function* main(): Code<number> {
    const child = yield sys('spawn', yield addressOf(serves), 0, 2);
    const shared = yield* newPages(1);
    let binding = ERROR.ESRCH as number;
    for (; binding === ERROR.ESRCH; yield sys('sleep', 500)) binding = yield sys('portBind', ...NAME);
    yield store(shared + BINDING, binding);
    yield sys('threadSpawn', yield addressOf(unmaps), shared, 1);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const message = yield* newPages(1);
      for (let offset = 0; offset < LIMIT.MESSAGE; offset += 4) yield store(message + offset, round);
      yield store(shared + MESSAGE, message);
      yield store(shared + STEP, round);
      const result = yield sys('portCall', binding, round, message, ALL, message, 0);
      yield* check(result === 0 || result === ERROR.EFAULT || result === ERROR.ECALLFAILED ? 0 : 1, 0, 10);
      while ((yield load(shared + STEP)) !== -round) yield sys('yield');
      yield* check(yield sys('mmap', message, LIMIT.PAGE, MAP.READ | MAP.WRITE | MAP.FIXED, 0), message, 11);
      // A new page, of zeroes.
      for (let offset = 0; offset < LIMIT.MESSAGE; offset += 4)
        yield* check(yield load(message + offset), 0, 12);
    }
    yield sys('kill', child);
    return 0;
  };
const byMessage = client(servesMessages);
const byRestricted = client(servesRestricted);

test.each([1, 2, 3, 4])('a message goes while it is copied (seed %i)', (seed) => {
  for (const preset of ['cc-numa', 'smp'])
    for (const entry of [byMessage, byRestricted])
      expectStatus(0, entry, { preset, seed, harts: 4, options: { heapChecked: true } });
});
