/** Barriers over messages: nobody passes early on any cluster, with any schedule, and how many messages they take. */
import { describe, expect, test } from 'vitest';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import {
  type Barrier,
  type BarrierKind,
  type Code,
  Inbox,
  load,
  MESSAGE_BARRIERS,
  receive,
  send,
  store,
  work,
} from '../../../userland/index.ts';
import { eddy } from '../../lab/captured-host.ts';

const DEEP = Boolean(process.env['EDDY_DEEP']);
const NODES = [1, 2, 3, 4, 5, 7, 8, 16, ...(DEEP ? [31, 32, 33, 64] : [])];
const SEEDS = Array.from({ length: DEEP ? 40 : 6 }, (_, seed) => seed);
const EPISODES = 12;
const BARRIER = 0x1_0000;

interface Met {
  readonly stop: string;
  readonly early: number;
  readonly messages: number;
}

/** All nodes meet again and again, at their own pace; the host sees who has arrived. */
function meet(kind: BarrierKind, nodes: number, seed?: number): Met {
  const machine = new Machine(presetConfig('cluster', { harts: nodes, set: { memoryPerNode: 1 << 20 } }));
  const arrived = new Array<number>(nodes).fill(0);
  let early = 0;
  for (let node = 0; node < nodes; node++) {
    machine.start(node, function* (): Code {
      const barrier = kind.at(BARRIER, nodes);
      for (let episode = 1; episode <= EPISODES; episode++) {
        // One after another is late, and now and then nobody is.
        yield work(episode % (nodes + 1) === node ? 5000 : 1);
        arrived[node] = episode;
        yield* barrier.wait(node);
        if (arrived.some((other) => other < episode)) early++;
      }
    });
  }
  if (seed !== undefined) machine.chooseEvents();
  const stop =
    seed === undefined
      ? machine.run({ instructions: 1_000_000 })
      : machine.runArbitrated(new RandomArbiter(seed), 200_000);
  return { stop: stop.kind, early, messages: machine.counters.total('messages') };
}

const COUNTS: Readonly<Record<string, (nodes: number) => number>> = {
  'dissemination-messages': (nodes) => nodes * Math.ceil(Math.log2(nodes)),
  'tournament-messages': (nodes) => 2 * (nodes - 1),
};

describe.each(MESSAGE_BARRIERS)('the $id barrier', (kind) => {
  test.each(NODES)('is passed by nobody early, with so many messages exactly: %i nodes', (nodes) => {
    const messages = EPISODES * (COUNTS[kind.id]?.(nodes) as number);
    for (const seed of [undefined, ...SEEDS])
      expect(meet(kind, nodes, seed)).toEqual({ stop: 'finished', early: 0, messages });
  });
});

const broken = (id: string, wait: (index: number, participants: number) => Code): BarrierKind => ({
  id,
  summary: 'A broken barrier',
  messages: true,
  size: () => 4096,
  at: (_address, participants): Barrier => ({ wait: (index) => wait(index, participants) }),
});

/** Waits for as many messages as it sends, whoever sent them: one of the next episode counts for this one. */
const anyMessage = broken('any-message', function* (index, participants) {
  for (let round = 0; 1 << round < participants; round++) {
    yield store(BARRIER, round);
    yield send((index + (1 << round)) % participants, BARRIER, 1);
    yield receive(BARRIER + 64, 1);
  }
});

/** Dissemination with a round too few: the farthest are not heard of. */
const roundShort = broken('round-short', function* (index, participants) {
  const inbox = new Inbox(BARRIER);
  const episode = (yield load(BARRIER + 512)) + 1;
  yield store(BARRIER + 512, episode);
  for (let round = 0; 2 << round < participants; round++) {
    yield* inbox.tell((index + (1 << round)) % participants, round);
    yield* inbox.awaitCount(round, episode);
  }
});

/** All tell node 0, which wakes all as soon as it comes itself. */
const impatient = broken('impatient', function* (index, participants) {
  const inbox = new Inbox(BARRIER);
  const episode = (yield load(BARRIER + 512)) + 1;
  yield store(BARRIER + 512, episode);
  if (index > 0) {
    yield* inbox.tell(0, 0);
    yield* inbox.awaitCount(1, episode);
  } else for (let node = 1; node < participants; node++) yield* inbox.tell(node, 1);
});

test.each([anyMessage, roundShort, impatient])('the exercise finds $id out', (kind) => {
  const caught = [undefined, ...SEEDS].some((seed) => {
    const { stop, early } = meet(kind, 5, seed);
    return stop !== 'finished' || early > 0;
  });
  expect(caught).toBe(true);
});

describe('eddy run barriers', () => {
  const run = (...options: string[]) => eddy('run', 'barriers', '--set', 'episodes=9', ...options);

  test.each(MESSAGE_BARRIERS)('meets on a cluster by $id', async ({ id }) => {
    const { status, output } = await run('--machine', 'cluster', '--bare', '--barrier', id, '--harts', '6');
    expect(status).toBe(0);
    expect(output).toContain(
      'check early: ok 0 passed before the last one came\ncheck passed: ok 54 of 54\n',
    );
  });

  test.each([
    [
      ['--machine', 'cluster', '--bare'],
      'with --bare it takes --barrier tournament-messages or dissemination-messages',
    ],
    [['--barrier', 'tournament-messages', '--bare'], 'machine cc-numa is none'],
    [['--barrier', 'tournament-messages', '--machine', 'cluster'], 'take --bare'],
    [
      ['--barrier', 'tournament-messages', '--machine', 'cluster', '--bare', '--nodes', '2'],
      'one hart on each',
    ],
  ])('%j is refused in one line', async (options, why) => {
    const { status, errors } = await run(...options);
    expect(status).toBe(2);
    expect(errors).toContain(why);
    expect(errors.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a program that shares memory takes no barrier over messages', async () => {
    const { status, errors } = await eddy('run', 'sor', '--barrier', 'dissemination-messages');
    expect(status).toBe(2);
    expect(errors).toContain('program sor shares memory');
  });
});
