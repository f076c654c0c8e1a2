/** Calls to another thread through a port: one, two with a time-out, and one by protected call to another hart. */
import {
  type Code,
  ERROR,
  load,
  orThrow,
  PORT_KIND,
  portBind,
  portCall,
  portClose,
  portCreate,
  portReceive,
  portReplyReceive,
  ppcAccept,
  ppcCallOn,
  ppcReturn,
  store,
} from '../../../../userland/index.ts';
import { awaitWord, together, WORD } from './together.ts';

const NAME = [1, 2] as const;
/** Cycles: the server can just about answer, or not. */
const SHORT = 900;

const makePort = (kind: number) =>
  function* prepare(shared: number): Code {
    yield store(shared + WORD.page, orThrow('portCreate', yield* portCreate(...NAME, kind)));
    yield store(shared + WORD.other, orThrow('portBind', yield* portBind(...NAME)));
  };

/** Answers each call with its procedure, until the port closes. */
function* answers(shared: number): Code {
  const port = yield load(shared + WORD.page);
  yield* awaitWord(shared);
  let procedure = yield* portReceive(port, 0, 0, 0);
  while (procedure >= 0) procedure = yield* portReplyReceive(port, 0, 0, procedure, 0, 0);
}

/** Ends the process with a status that says so, unless the answer is right. */
const expect = (answer: number, wanted: number): void => {
  if (answer !== wanted) throw new Error(`the answer is ${answer}, not ${wanted}`);
};

export const callOnce = together({
  name: 'call-once',
  summary: 'Calls a thread of another hart',
  prepare: makePort(PORT_KIND.MESSAGE),
  other: answers,
  *first(shared) {
    expect(yield* portCall(yield load(shared + WORD.other), 5, 0, 0, 0, 0), 5);
    yield* portClose(yield load(shared + WORD.page));
  },
});

export const callAgain = together({
  name: 'call-again',
  summary: 'Gives a call up, perhaps, and calls again',
  prepare: makePort(PORT_KIND.MESSAGE),
  other: answers,
  *first(shared) {
    const binding = yield load(shared + WORD.other);
    const answer = yield* portCall(binding, 6, 0, 0, 0, SHORT);
    if (answer !== ERROR.ETIMEDOUT) expect(answer, 6);
    expect(yield* portCall(binding, 7, 0, 0, 0, 0), 7);
    yield* portClose(yield load(shared + WORD.page));
  },
});

export const callRemote = together({
  name: 'call-remote',
  summary: 'Calls a worker of another hart',
  prepare: makePort(PORT_KIND.PPC),
  *other(shared) {
    const port = yield load(shared + WORD.page);
    yield* awaitWord(shared);
    let procedure = yield* ppcAccept(port, 0, 0);
    while (procedure >= 0) procedure = yield* ppcReturn(port, 0, 0, procedure, 0, 0);
  },
  *first(shared) {
    const binding = yield load(shared + WORD.other);
    const answer = yield* ppcCallOn(binding, 8, 0, 0, 0, 1);
    // The worker may not have got so far.
    if (answer !== ERROR.ESRCH) expect(answer, 8);
    yield* portClose(yield load(shared + WORD.page));
  },
});
