/** Forged calls by every mechanism: none gets through, each is counted, and nothing is left of them. */
import { expect, test } from 'vitest';
import { addressOf, type Code, type Instruction, load, store } from '../../../hw/isa/index.ts';
import { ERROR, PORT_KIND } from '../../../kernel/abi/index.ts';
import { HART } from '../../../kernel/hart-local.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { nextRandom } from '../../../userland/runtime/random.ts';
import { expectStatus, sys } from '../run.ts';

const ROUNDS = process.env['EDDY_DEEP'] === undefined ? 4000 : 20_000;

function* nothing(): Code<number> {
  return 0;
}

/** One call of a kind with a handle, a procedure and an address, of which at least one is wrong. */
function call(kind: number, handle: number, procedure: number, at: number): Instruction {
  const sizes = (4 << 16) | 4;
  if (kind === 0) return sys('portCall', handle, procedure, at, sizes, at, 1);
  if (kind === 1) return sys('ppcCall', handle, procedure, at, sizes, at, 1);
  if (kind === 2) return sys('ppcCallOn', handle, procedure, at, sizes, at, 0);
  if (kind === 3) return sys('ppcSend', handle, procedure, at, 4, 0);
  if (kind === 4) return sys('lrpcCall', handle, procedure, at);
  return sys('lrpcSegment', handle, procedure, at, 64);
}

/** Draws calls with handles that are forged, stale or of another kind, numbers out of range, and addresses of nothing. */
function* forge(_: number, block: number): Code<number> {
  const at = block - 4096;
  const message = yield sys('mmap', 0, 4096, 3, 0);
  yield store(message, 0);
  const port = yield sys('portCreate', 1, 0, PORT_KIND.MESSAGE);
  const pool = yield sys('portCreate', 2, 0, PORT_KIND.PPC);
  yield store(at, yield addressOf(nothing));
  yield store(at + 4, 4);
  yield store(at + 8, 2);
  yield sys('lrpcExport', 3, 0, at, 1, 0);
  const binding = yield sys('lrpcBind', 3, 0, at, 1);
  const aStack = yield load(at);
  // Another binding has A-stacks, too, and a third one has been given back.
  yield sys('lrpcBind', 3, 0, at + 16, 1);
  const foreign = yield load(at + 16);
  const stale = yield sys('lrpcBind', 3, 0, at + 32, 1);
  yield sys('lrpcUnbind', stale);
  const rights = [yield sys('portBind', 1, 0), yield sys('portBind', 2, 0)];
  const gone = yield sys('portBind', 1, 0);
  yield sys('portClose', gone);
  const handles = [port, pool, stale, gone, 0, -1];
  let word = (yield load(block + 28)) | 1;
  for (let round = 0; round < ROUNDS; round += 1) {
    word = nextRandom(word);
    const kind = (word >>> 4) % 6;
    const right = kind === 0 ? (rights[0] as number) : kind < 4 ? (rights[1] as number) : binding;
    const place = kind < 4 ? message : aStack;
    const wrong = (word >>> 8) % 6;
    let result: number;
    if (wrong === 0) result = yield call(kind, handles[(word >>> 12) % handles.length] as number, 0, place);
    else if (wrong === 1) result = yield call(kind, right ^ (1 << ((word >>> 12) % 31)), 0, place);
    else if (wrong === 2) result = yield call(kind, word | 0x4000_0000, 0, place);
    else if (wrong === 3) result = yield call(kind, right, -1 - (word & 0xffff), place);
    else if (wrong === 4) result = yield call(kind, right, 0, place + 1 + ((word >>> 12) % 3));
    else result = yield call(kind, right, 0, kind < 4 ? 0x5000_0000 + (word & 0xff_fffc) : foreign);
    if (result !== ERROR.EBADF && result !== ERROR.EINVAL && result !== ERROR.EFAULT) return 1;
  }
  return 0;
}

test.each([1, 2, 3])(
  'of forged calls by all mechanisms none gets through, and each is counted (%i)',
  (seed) => {
    const { machine } = expectStatus(0, forge, { harts: 1, parameters: [Math.imul(seed, 0x9e37_79b9)] });
    const reader = new Reader(machine);
    expect(reader.word(reader.local(0) + HART.callsRefused)).toBe(ROUNDS);
  },
);
