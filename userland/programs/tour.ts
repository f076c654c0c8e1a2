/**
 * One thread on every hart goes through the whole house: it maps memory and faults it in, adds to a shared
 * counter under three kinds of lock, meets the others at a barrier, and looks at the sums.
 *
 * The bare form does the same without a kernel: no mapping, and only the locks that need none.
 */
import { addressOf, type Code, load, store } from '../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../kernel/abi/index.ts';
import { program } from '../program.ts';
import { Env } from '../runtime/env.ts';
import type { Output } from '../runtime/output.ts';
import { report } from '../runtime/print.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { mmap, munmap, threadSpawn } from '../runtime/system-calls.ts';
import { joinThread } from '../runtime/thread.ts';
import { SenseReversingBarrier } from '../sync/barriers/sense-reversing.ts';
import type { LockKind } from '../sync/locks/index.ts';
import { TOUR_BARRIERS, TOUR_LOCKS, TourBlock } from './tour-block.ts';

const BARE_LOCKS: readonly LockKind[] = TOUR_LOCKS.filter((kind) => !kind.blocking);

export default program({
  name: 'tour',
  summary: 'One thread per hart: memory, three locks, a barrier, and sums that must be right',
  needs: ['shared-memory'],
  parameters: {
    rounds: { default: 8, min: 1, max: 10_000, summary: 'How often each thread takes each lock' },
  },
  checks: ['memory', ...TOUR_LOCKS.map((kind) => kind.id), ...TOUR_BARRIERS.map((kind) => kind.id)],

  // DOC: tour-main
  *main(env, { rounds }) {
    const harts = yield* env.harts();
    const length = TourBlock.size(harts);
    const block = new TourBlock(orThrow('mmap', yield* mmap(0, length, MAP.READ | MAP.WRITE, 0)));
    yield* block.initialize(harts, rounds);
    yield* env.print(`tour: ${harts} threads, ${rounds} rounds under each of ${TOUR_LOCKS.length} locks\n`);

    const entry = yield addressOf(visitor);
    for (let hart = 0; hart < harts; hart++) {
      yield store(block.thread(hart), orThrow('threadSpawn', yield* threadSpawn(entry, block.address, hart)));
    }
    let memoryOk = 0;
    for (let hart = 0; hart < harts; hart++) {
      memoryOk += yield* joinThread(env, yield load(block.thread(hart)));
    }
    let ok = yield* report(
      env,
      'memory',
      memoryOk === harts,
      `${memoryOk} of ${harts} threads read back their page`,
    );
    if (!(yield* reportSums(env, block, TOUR_LOCKS))) ok = false;
    return ok ? 0 : 1;
  },

  *bare(env, { rounds }) {
    const harts = yield* env.harts();
    const block = new TourBlock(yield* env.memory());
    if (env.hart() === 0) yield* block.initialize(harts, rounds);
    yield* block.awaitInitialized();
    yield* visit(block, env.hart(), BARE_LOCKS);
    if (env.hart() !== 0) return 0;
    return (yield* reportSums(env, block, BARE_LOCKS)) ? 0 : 1;
  },
});

/** What each thread runs. Gives 1 if its own page holds what it wrote there. */
function* visitor(address: number, threadBlock: number): Code<number> {
  const hart = yield* new Env(threadBlock).hart();
  const page = orThrow('mmap', yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0));
  yield store(page, hart + 1);
  yield* visit(new TourBlock(address), hart, TOUR_LOCKS);
  const kept = (yield load(page)) === hart + 1;
  orThrow('munmap', yield* munmap(page, LIMIT.PAGE));
  return kept ? 1 : 0;
}

// DOC: tour-visit
/** Adds to each lock's counter, meets the others at each barrier, and looks whether all have come. */
function* visit(block: TourBlock, hart: number, locks: readonly LockKind[]): Code {
  const harts = yield* block.harts();
  const rounds = yield* block.rounds();
  // Together, so that they want the locks at the same time.
  const together = new SenseReversingBarrier(block.meeting, harts);
  yield* together.wait();
  for (const [index, kind] of locks.entries()) {
    const lock = kind.at(block.lock(index), harts);
    const node = block.node(hart);
    for (let round = 0; round < rounds; round++) {
      yield* lock.acquire(node);
      // Two instructions, so that a lock that lets two threads in loses additions.
      const count = yield load(block.count(index));
      yield store(block.count(index), count + 1);
      yield* lock.release(node);
    }
  }
  for (const [index, kind] of TOUR_BARRIERS.entries()) {
    const barrier = kind.at(block.barrier(index, harts), harts);
    yield store(block.arrived(index, hart), 1);
    yield* barrier.wait(hart);
    for (let other = 0; other < harts; other++) {
      if ((yield load(block.arrived(index, other))) === 0) yield store(block.early(index, harts), 1);
    }
  }
  // Whoever reports must not do so before all have looked.
  yield* together.wait();
}

/** Reports a check for every lock (the sum) and every barrier (nobody passed early). Gives whether all hold. */
function* reportSums(output: Output, block: TourBlock, locks: readonly LockKind[]): Code<boolean> {
  const harts = yield* block.harts();
  const expected = harts * (yield* block.rounds());
  let ok = true;
  for (const [index, kind] of locks.entries()) {
    const sum = yield load(block.count(index));
    if (!(yield* report(output, kind.id, sum === expected, `sum ${sum} of ${expected}`))) ok = false;
  }
  for (const [index, kind] of TOUR_BARRIERS.entries()) {
    const early = (yield load(block.early(index, harts))) !== 0;
    const detail = early ? 'a thread passed before all had arrived' : 'nobody passed early';
    if (!(yield* report(output, kind.id, !early, detail))) ok = false;
  }
  return ok;
}
