/**
 * The micro-benchmark of the papers on barriers: episode after episode with nothing, or some work, in between.
 * `--barrier` chooses the kind, or a file with one of your own.
 *
 * Each thread says which episode it arrives at, and looks, when it has passed, whether its neighbour had arrived.
 */
import { type Code, fetchAndAdd, load, MARK, mark, store, work as workFor } from '../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../kernel/abi/index.ts';
import { program } from '../program.ts';
import { roundUp } from '../runtime/line.ts';
import type { Output } from '../runtime/output.ts';
import { report } from '../runtime/print.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { mmap } from '../runtime/system-calls.ts';
import { joinThread, spawnThread } from '../runtime/thread.ts';
import { SenseReversingBarrier, senseReversingBarrier } from '../sync/barriers/sense-reversing.ts';
import { barrierKinds } from '../sync/choice.ts';
import { BarriersBlock, type Meetings } from './barriers-block.ts';
import { meetByMessages } from './barriers-messages.ts';

export default program({
  name: 'barriers',
  summary: 'All threads meet again and again (--barrier): does anybody pass early, and what does it cost?',
  needs: ['shared-memory'],
  parameters: {
    barrier: barrierKinds.parameter(senseReversingBarrier, 'Kind of barrier'),
    episodes: { default: 50, min: 1, max: 1_000_000, summary: 'How often they meet' },
    work: { default: 0, min: 0, max: 1_000_000, summary: 'Cycles of work between two meetings' },
    skew: {
      default: 0,
      min: 0,
      max: 100_000,
      summary: 'Cycles that each works longer than the one before it',
    },
  },
  checks: ['early', 'passed'],
  bareMessages: true,

  *main(env, words) {
    const kind = barrierKinds.chosen(words.barrier);
    const threads = yield* env.harts();
    const length = roundUp(BarriersBlock.size(kind, threads), LIMIT.PAGE);
    const block = new BarriersBlock(orThrow('mmap', yield* mmap(0, length, MAP.READ | MAP.WRITE, 0)));
    yield* block.setMeetings({ ...words, threads });
    const numbers: number[] = [];
    for (let hart = 0; hart < threads; hart++) {
      numbers.push(yield* spawnThread(participant, block.address, hart));
    }
    for (const number of numbers) yield* joinThread(env, number);
    return (yield* judge(env, block, { ...words, threads })) ? 0 : 1;
  },

  *bare(env, words) {
    const meetings = { ...words, threads: yield* env.harts() };
    if (barrierKinds.chosen(words.barrier).messages) return yield* meetByMessages(env, meetings);
    const block = new BarriersBlock(yield* env.memory());
    yield* meet(block, env.hart(), meetings);
    if (env.hart() !== 0) return 0;
    return (yield* judge(env, block, meetings)) ? 0 : 1;
  },
});

/** What each thread runs. */
function* participant(address: number): Code {
  const block = new BarriersBlock(address);
  yield* meet(block, yield* block.takeIndex(), yield* block.meetings());
}

// DOC: barriers-meet
function* meet(block: BarriersBlock, index: number, meetings: Meetings): Code {
  const { threads, episodes, work, skew } = meetings;
  const barrier = barrierKinds.chosen(meetings.barrier).at(block.barrier(threads), threads);
  const together = new SenseReversingBarrier(block.meeting, threads);
  const neighbour = block.arrived((index + 1) % threads);
  const pause = work + index * skew;
  // The neighbour may be an episode further on when it is looked at.
  yield mark(MARK.atomic, neighbour, 4);
  yield* together.wait();
  for (let episode = 1; episode <= episodes; episode++) {
    if (pause > 0) yield workFor(pause);
    yield store(block.arrived(index), episode);
    yield* barrier.wait(index);
    if ((yield load(neighbour)) < episode) yield fetchAndAdd(block.early, 1);
  }
  yield fetchAndAdd(block.passed, episodes);
  // Whoever judges must not do so before all are done.
  yield* together.wait();
}

function* judge(
  output: Output,
  block: BarriersBlock,
  { threads, episodes, barrier }: Meetings,
): Code<boolean> {
  const early = yield load(block.early);
  const passed = yield load(block.passed);
  yield* output.print(
    `barriers: ${threads} threads, ${episodes} episodes, ${barrierKinds.chosen(barrier).id}\n`,
  );
  const inTime = yield* report(output, 'early', early === 0, `${early} passed before a neighbour came`);
  const wanted = threads * episodes;
  return (yield* report(output, 'passed', passed === wanted, `${passed} of ${wanted}`)) && inTime;
}
