/**
 * Pages and who uses them: the first process fills memory, and a process on every hart, made by fork, works on it. What
 * the patterns differ in is whose pages a worker touches: those that it has filled itself (`own`), a part that the first
 * process has filled (`private`), all of them to read (`shared-read`), or a part that goes on to another worker in every
 * round (`shared-write`). On which nodes the pages lie is the kernel's affair (`kernel.placement`).
 *
 * Before the work the pages are taken out of the page tables, so that those that follow their users can move.
 */
import { addressOf, type Code, fetchAndAdd, load, spinUntil, store } from '../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../kernel/abi/index.ts';
import { program } from '../program.ts';
import { Env } from '../runtime/env.ts';
import { LINE } from '../runtime/line.ts';
import { place } from '../runtime/marks.ts';
import { report } from '../runtime/print.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { fork, mmap, pageUnmap, wait } from '../runtime/system-calls.ts';

export const PATTERNS = { own: 0, private: 1, 'shared-read': 2, 'shared-write': 3 } as const;

/** Where the memory lies, and a page with the count of workers that are ready. */
const BASE = 0x2000_0000;
const COMMON = BASE - LIMIT.PAGE;
const MOST_PAGES = 64;
const ROUND_SHIFT = 8;
const PATTERN_SHIFT = 16;

export default program({
  name: 'pages',
  summary: 'A process on each hart works on pages that it, or another one, has filled',
  needs: ['shared-memory'],
  parameters: {
    pattern: { default: 1, min: 0, max: 3, choices: PATTERNS, summary: 'Whose pages a worker touches' },
    pages: { default: 8, min: 1, max: MOST_PAGES, summary: 'Pages of each worker' },
    rounds: { default: 2, min: 1, max: 64, summary: 'How often it touches every line of them' },
  },
  checks: ['sum'],

  *main(env, { pattern, pages, rounds }) {
    const harts = yield* env.harts();
    const length = pagesOf(pattern, pages, harts) * LIMIT.PAGE;
    const shared = pattern === PATTERNS['shared-read'] ? MAP.PRIVATE : MAP.SHARED;
    orThrow('mmap', yield* mmap(BASE, length, MAP.READ | MAP.WRITE | MAP.FIXED | shared, 0));
    if (pattern !== PATTERNS.own)
      for (let at = BASE; at < BASE + length; at += LINE) yield store(at, (at - BASE) / LINE);
    if (pattern !== PATTERNS.own) orThrow('pageUnmap', yield* pageUnmap(BASE, length));
    const told = pages | (rounds << ROUND_SHIFT) | (pattern << PATTERN_SHIFT);
    const entry = yield addressOf(worker);
    orThrow('mmap', yield* mmap(COMMON, LIMIT.PAGE, MAP.READ | MAP.WRITE | MAP.FIXED | MAP.SHARED, 0));
    const numbers = orThrow('mmap', yield* mmap(0, 4 * harts, MAP.READ | MAP.WRITE, 0));
    // The one on this process's own hart is the last: it spins until all are there.
    for (let hart = harts - 1; hart >= 0; hart -= 1)
      yield store(numbers + 4 * hart, orThrow('fork', yield* fork(entry, told, hart)));
    let good = 0;
    const status = (yield* env.stack()) + LIMIT.CONSOLE;
    for (let hart = 0; hart < harts; hart += 1) {
      orThrow('wait', yield* wait(yield load(numbers + 4 * hart), status));
      if ((yield load(status)) === 0) good += 1;
    }
    const all = yield* report(env, 'sum', good === harts, `${good} of ${harts} workers read what was there`);
    return all ? 0 : 1;
  },
});

/** Pages of the whole memory. */
const pagesOf = (pattern: number, pages: number, harts: number): number =>
  pattern === PATTERNS['shared-read'] ? pages : pages * harts;

// DOC: pages-worker
/** Gives 0 if every line that it has read held what somebody had stored there. */
function* worker(told: number, block: number): Code<number> {
  const env = new Env(block);
  const [pages, rounds] = [told & (MOST_PAGES * 2 - 1), (told >>> ROUND_SHIFT) & 0xff];
  const pattern = told >>> PATTERN_SHIFT;
  const [me, harts] = [yield* env.hart(), yield* env.harts()];
  const length = pages * LIMIT.PAGE;
  if (pattern === PATTERNS.own) yield* fill(BASE + me * length, length);
  yield fetchAndAdd(COMMON, 1);
  yield spinUntil(COMMON, harts);
  let wrong = 0;
  yield* place('begin');
  for (let round = 0; round < rounds; round += 1) {
    const part = pattern === PATTERNS['shared-write'] ? (me + round) % harts : me;
    const from = pattern === PATTERNS['shared-read'] ? BASE : BASE + part * length;
    for (let at = from; at < from + length; at += LINE) {
      if ((yield load(at)) !== (at - BASE) / LINE) wrong += 1;
      if (pattern === PATTERNS['shared-write']) yield store(at, (at - BASE) / LINE);
    }
  }
  yield* place('end');
  // Nobody's end, which takes its memory away, is to disturb the work of others.
  yield fetchAndAdd(COMMON + LINE, 1);
  yield spinUntil(COMMON + LINE, harts);
  return wrong === 0 ? 0 : 1;
}

function* fill(base: number, length: number): Code {
  for (let at = base; at < base + length; at += LINE) yield store(at, (at - BASE) / LINE);
}
