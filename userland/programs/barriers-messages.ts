/**
 * `barriers` on a cluster: the participants, one on each node, have no memory in common in which one could look whether
 * another has arrived. Each notes when it arrived at each episode and when it had passed it; node 0 asks for the notes
 * in the end, and looks whether anybody had passed before the last one arrived. (Clocks of a real cluster do not agree
 * well enough for that.)
 */
import { type Code, csrRead, load, receive, send, store, work as workFor } from '../../hw/isa/index.ts';
import type { BareEnv } from '../runtime/bare-env.ts';
import { Inbox } from '../runtime/inbox.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import { report } from '../runtime/print.ts';
import { barrierKinds } from '../sync/choice.ts';
import type { BarrierKind } from '../sync/barriers/index.ts';
import type { Meetings } from './barriers-block.ts';

/** The message that asks for the notes: no round of any barrier. */
const ASK = 31;
/** Notes of an episode: two words. As many of them as fit into a message. */
const NOTE = 8;
const NOTES_PER_MESSAGE = LINE / NOTE;

/** In each node's own memory: the barrier, room for a message, its notes, and on node 0 the latest and earliest. */
const layout = (memory: number, kind: BarrierKind, { threads, episodes }: Meetings) => {
  const message = memory + roundUp(kind.size(threads), LINE);
  const notes = message + LINE;
  const extremes = notes + roundUp(episodes * NOTE, LINE);
  const at = (base: number, episode: number) => {
    const arrived = base + episode * NOTE;
    return { arrived, passed: arrived + 4 };
  };
  return {
    message,
    notes,
    noted: (episode: number) => at(notes, episode),
    extreme: (episode: number) => at(extremes, episode),
  };
};

/** What each node runs; gives the status of the program. */
export function* meetByMessages(env: BareEnv, meetings: Meetings): Code<number> {
  const kind = barrierKinds.chosen(meetings.barrier);
  const memory = yield* env.memory();
  const at = layout(memory, kind, meetings);
  const index = env.hart();
  const barrier = kind.at(memory, meetings.threads);
  const pause = meetings.work + index * meetings.skew;
  for (let episode = 0; episode < meetings.episodes; episode++) {
    if (pause > 0) yield workFor(pause);
    yield store(at.noted(episode).arrived, yield csrRead('time'));
    yield* barrier.wait(index);
    yield store(at.noted(episode).passed, yield csrRead('time'));
  }
  if (index === 0) return (yield* judge(env, memory, meetings)) ? 0 : 1;
  yield* new Inbox(memory).awaitCount(ASK, 1);
  for (let first = 0; first < meetings.episodes; first += NOTES_PER_MESSAGE)
    yield send(0, at.notes + first * NOTE, LINE / 4);
  return 0;
}

/** Node 0 asks one node after the other. When it does, it has had all messages of the barrier. */
function* judge(env: BareEnv, memory: number, meetings: Meetings): Code<boolean> {
  const { threads, episodes, barrier } = meetings;
  const kind = barrierKinds.chosen(barrier);
  const at = layout(memory, kind, meetings);
  for (let episode = 0; episode < episodes; episode++) {
    const { arrived, passed } = at.noted(episode);
    yield* extend(at.extreme(episode), yield load(arrived), yield load(passed), true);
  }
  let told = episodes;
  for (let node = 1; node < threads; node++) {
    yield* new Inbox(memory).tell(node, ASK);
    for (let episode = 0; episode < episodes; episode++) {
      const place = episode % NOTES_PER_MESSAGE;
      if (place === 0) yield receive(at.message, LINE / 4);
      const note = at.message + place * NOTE;
      yield* extend(at.extreme(episode), yield load(note), yield load(note + 4), false);
      told++;
    }
  }
  let early = 0;
  for (let episode = 0; episode < episodes; episode++) {
    const { arrived, passed } = at.extreme(episode);
    if (isBefore(yield load(passed), yield load(arrived))) early++;
  }
  const wanted = threads * episodes;
  yield* env.print(`barriers: ${threads} nodes, ${episodes} episodes, ${kind.id}\n`);
  const inTime = yield* report(env, 'early', early === 0, `${early} passed before the last one came`);
  return (yield* report(env, 'passed', told === wanted, `${told} of ${wanted}`)) && inTime;
}

/** Makes the latest arrival later, and the earliest passing earlier, if they are. */
function* extend(
  extreme: { readonly arrived: number; readonly passed: number },
  arrived: number,
  passed: number,
  isFirst: boolean,
): Code {
  if (isFirst || isBefore(yield load(extreme.arrived), arrived)) yield store(extreme.arrived, arrived);
  if (isFirst || isBefore(passed, yield load(extreme.passed))) yield store(extreme.passed, passed);
}

/** Of two clock readings, which go round. */
const isBefore = (one: number, other: number): boolean => ((one - other) | 0) < 0;
