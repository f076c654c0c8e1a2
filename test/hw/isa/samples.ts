/** One procedure for each operation, which executes it, and the value that comes of it. */
import {
  addressOf,
  awaitCompareAndSwap,
  awaitTestAndSet,
  call,
  type Code,
  compareAndSwap,
  createContext,
  csrRead,
  csrSwap,
  csrWrite,
  environmentCall,
  fence,
  fenceTranslations,
  fetchAndAdd,
  fetchAndStore,
  flush,
  freeContext,
  invalidate,
  load,
  load16,
  load8,
  loadReserved,
  mark,
  MARK,
  panic,
  pause,
  prefetch,
  receive,
  restoreRegisters,
  saveRegisters,
  send,
  sendInterrupt,
  spinUntil,
  spinUntilAny,
  spinUntilNot,
  store,
  store16,
  store8,
  storeConditional,
  supervisorReturn,
  switchContext,
  testAndSet,
  waitForInterrupt,
  work,
  zeroLine,
} from '../../../hw/isa/index.ts';
import type { OP } from '../../../hw/isa/index.ts';

export const WORD = 0x1000;

/** What lies at WORD before each sample. */
export const BEFORE = 0x8172_6354 | 0;

function* nothing(): Code {
  yield pause();
}

function* seven(): Code<number> {
  yield pause();
  return 7;
}

function* back(to: number): Code {
  yield switchContext(to);
}

function* handler(): Code {
  yield csrWrite('sresult', 99);
  yield supervisorReturn();
}

/** A procedure that executes the operation, and what comes of it. */
export const SAMPLES: Readonly<Record<keyof typeof OP, readonly [() => Code<number>, number]>> = {
  mark: [
    function* () {
      return yield mark(MARK.place, 7);
    },
    0,
  ],
  call: [
    function* () {
      return yield* call(seven());
    },
    7,
  ],
  load: [
    function* () {
      return yield load(WORD);
    },
    BEFORE,
  ],
  load8: [
    function* () {
      return yield load8(WORD + 3);
    },
    0x81,
  ],
  load16: [
    function* () {
      return yield load16(WORD + 2);
    },
    0x8172,
  ],
  store: [
    function* () {
      yield store(WORD, 5);
      return yield load(WORD);
    },
    5,
  ],
  store8: [
    function* () {
      yield store8(WORD + 1, 0x1ff);
      return yield load(WORD);
    },
    0x8172_ff54 | 0,
  ],
  store16: [
    function* () {
      yield store16(WORD + 2, 0x1_2345);
      return yield load(WORD);
    },
    0x2345_6354,
  ],
  testAndSet: [
    function* () {
      return (yield testAndSet(WORD)) + (yield load(WORD));
    },
    BEFORE + 1,
  ],
  fetchAndStore: [
    function* () {
      return (yield fetchAndStore(WORD, 9)) + (yield load(WORD));
    },
    BEFORE + 9,
  ],
  fetchAndAdd: [
    function* () {
      return (yield fetchAndAdd(WORD, -4)) - (yield load(WORD));
    },
    4,
  ],
  compareAndSwap: [
    function* () {
      return (yield compareAndSwap(WORD, BEFORE, 3)) - BEFORE + (yield load(WORD));
    },
    3,
  ],
  loadReserved: [
    function* () {
      return yield loadReserved(WORD);
    },
    BEFORE,
  ],
  storeConditional: [
    function* () {
      yield loadReserved(WORD);
      return (yield storeConditional(WORD, 6)) + (yield load(WORD));
    },
    6,
  ],
  fence: [
    function* () {
      return yield fence();
    },
    0,
  ],
  work: [
    function* () {
      return yield work(10);
    },
    0,
  ],
  pause: [
    function* () {
      return yield pause();
    },
    0,
  ],
  prefetch: [
    function* () {
      return yield prefetch(WORD);
    },
    0,
  ],
  flush: [
    function* () {
      return yield flush(WORD);
    },
    0,
  ],
  invalidate: [
    function* () {
      return yield invalidate(WORD);
    },
    0,
  ],
  zeroLine: [
    function* () {
      yield zeroLine(WORD + 8);
      return yield load(WORD);
    },
    0,
  ],
  spinUntil: [
    function* () {
      return yield spinUntil(WORD, BEFORE);
    },
    BEFORE,
  ],
  spinUntilNot: [
    function* () {
      return yield spinUntilNot(WORD, 0);
    },
    BEFORE,
  ],
  spinUntilAny: [
    function* () {
      return yield spinUntilAny(WORD, BEFORE, WORD + 4, 1);
    },
    1,
  ],
  awaitTestAndSet: [
    function* () {
      return yield awaitTestAndSet(WORD);
    },
    BEFORE,
  ],
  awaitCompareAndSwap: [
    function* () {
      return yield awaitCompareAndSwap(WORD, BEFORE, 5);
    },
    BEFORE,
  ],
  send: [
    function* () {
      return yield send(1, WORD, 2);
    },
    0,
  ],
  receive: [
    function* () {
      yield send(0, WORD, 1);
      const received = yield receive(WORD + 64, 16);
      return received + (yield load(WORD + 64));
    },
    65_536 + BEFORE,
  ],
  environmentCall: [
    function* () {
      yield csrWrite('stvec', yield addressOf(handler));
      return yield environmentCall(1, 2);
    },
    99,
  ],
  addressOf: [
    function* () {
      return Math.sign(yield addressOf(nothing));
    },
    -1,
  ],
  csrRead: [
    function* () {
      return yield csrRead('mhartid');
    },
    0,
  ],
  csrWrite: [
    function* () {
      yield csrWrite('sscratch', 12);
      return yield csrRead('sscratch');
    },
    12,
  ],
  csrSwap: [
    function* () {
      yield csrWrite('sscratch', 3);
      return (yield csrSwap('sscratch', 4)) * 10 + (yield csrRead('sscratch'));
    },
    34,
  ],
  fenceTranslations: [
    function* () {
      return yield fenceTranslations();
    },
    0,
  ],
  waitForInterrupt: [
    function* () {
      yield csrWrite('sie', -1);
      yield csrWrite('stimecmp', (yield csrRead('time')) + 1000);
      return yield waitForInterrupt();
    },
    0,
  ],
  supervisorReturn: [
    function* () {
      yield csrWrite('stvec', yield addressOf(handler));
      return yield environmentCall(0);
    },
    99,
  ],
  sendInterrupt: [
    function* () {
      yield sendInterrupt(0);
      yield work(1000);
      return yield csrRead('sip');
    },
    2,
  ],
  createContext: [
    function* () {
      return Math.sign(yield createContext(yield addressOf(nothing)));
    },
    1,
  ],
  switchContext: [
    function* () {
      return yield switchContext(yield createContext(yield addressOf(back), yield csrRead('scurrent')));
    },
    0,
  ],
  freeContext: [
    function* () {
      return yield freeContext(yield createContext(yield addressOf(nothing)));
    },
    0,
  ],
  saveRegisters: [
    function* () {
      yield saveRegisters(yield csrRead('scurrent'), WORD);
      return yield load(WORD);
    },
    0,
  ],
  restoreRegisters: [
    function* () {
      const self = yield csrRead('scurrent');
      yield restoreRegisters(self, WORD);
      yield store(WORD, 0);
      yield saveRegisters(self, WORD);
      return yield load(WORD);
    },
    BEFORE,
  ],
  panic: [
    function* () {
      return yield panic(4);
    },
    0,
  ],
};
