/**
 * The micro-benchmark of the papers on locks: every thread takes one lock again and again, holds it for a given time,
 * and comes back after a given time. `--lock` chooses the kind, or a file with one of your own.
 *
 * Whoever is inside looks whether somebody else is, and adds to a counter in two instructions: a lock that lets two
 * in is found out by one or the other.
 */
import { type Code, fetchAndAdd, load, store, work } from '../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../kernel/abi/index.ts';
import { program } from '../program.ts';
import { roundUp } from '../runtime/line.ts';
import type { Output } from '../runtime/output.ts';
import { report } from '../runtime/print.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { mmap } from '../runtime/system-calls.ts';
import { joinThread, spawnThread } from '../runtime/thread.ts';
import { SenseReversingBarrier } from '../sync/barriers/sense-reversing.ts';
import { lockKinds } from '../sync/choice.ts';
import { mcsLock } from '../sync/locks/mcs.ts';
import { type Contest, LocksBlock } from './locks-block.ts';

export default program({
  name: 'locks',
  summary: 'All threads take one lock again and again (--lock): does it exclude, and what does it cost?',
  needs: ['shared-memory'],
  parameters: {
    lock: lockKinds.parameter(mcsLock, 'Kind of lock'),
    rounds: { default: 50, min: 1, max: 1_000_000, summary: 'How often each thread takes it' },
    section: { default: 0, min: 0, max: 1_000_000, summary: 'Cycles of work while it is held' },
    pause: { default: 0, min: 0, max: 1_000_000, summary: 'Cycles of work until it is wanted again' },
  },
  checks: ['exclusion', 'count'],

  *main(env, words) {
    const kind = lockKinds.chosen(words.lock);
    const threads = yield* env.harts();
    const length = roundUp(LocksBlock.size(kind, threads), LIMIT.PAGE);
    const block = new LocksBlock(orThrow('mmap', yield* mmap(0, length, MAP.READ | MAP.WRITE, 0)));
    yield* block.setContest({ ...words, threads });
    const numbers: number[] = [];
    for (let hart = 0; hart < threads; hart++) {
      numbers.push(yield* spawnThread(contestant, block.address, hart));
    }
    for (const number of numbers) yield* joinThread(env, number);
    return (yield* judge(env, block, { ...words, threads })) ? 0 : 1;
  },

  *bare(env, words) {
    const block = new LocksBlock(yield* env.memory());
    const contest = { ...words, threads: yield* env.harts() };
    yield* contend(block, env.hart(), contest);
    if (env.hart() !== 0) return 0;
    return (yield* judge(env, block, contest)) ? 0 : 1;
  },
});

/** What each thread runs. */
function* contestant(address: number): Code {
  const block = new LocksBlock(address);
  yield* contend(block, yield* block.takeIndex(), yield* block.contest());
}

// DOC: locks-contend
function* contend(block: LocksBlock, index: number, contest: Contest): Code {
  const { threads, rounds, section, pause } = contest;
  const kind = lockKinds.chosen(contest.lock);
  const lock = kind.at(block.lock(kind, threads), threads);
  const node = block.node(kind, index);
  const together = new SenseReversingBarrier(block.meeting, threads);
  yield* together.wait();
  for (let round = 0; round < rounds; round++) {
    yield* lock.acquire(node);
    if ((yield fetchAndAdd(block.inside, 1)) !== 0) yield fetchAndAdd(block.intrusions, 1);
    const count = yield load(block.count);
    if (section > 0) yield work(section);
    yield store(block.count, count + 1);
    yield fetchAndAdd(block.inside, -1);
    yield* lock.release(node);
    if (pause > 0) yield work(pause);
  }
  // Whoever judges must not do so before all are done.
  yield* together.wait();
}

function* judge(output: Output, block: LocksBlock, { threads, rounds, lock }: Contest): Code<boolean> {
  const intrusions = yield load(block.intrusions);
  const count = yield load(block.count);
  const wanted = threads * rounds;
  yield* output.print(`locks: ${threads} threads, ${rounds} rounds each, ${lockKinds.chosen(lock).id}\n`);
  const excluded = yield* report(output, 'exclusion', intrusions === 0, `${intrusions} met another inside`);
  return (yield* report(output, 'count', count === wanted, `${count} of ${wanted}`)) && excluded;
}
