/** Measures one cell: one kind of barrier on one machine, episode after episode without a pause. */
import {
  type Code,
  type BarrierKind,
  BARRIERS,
  mcsTreeOfArity,
  MESSAGE_BARRIERS,
} from '../../../userland/index.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';
import { Arena, transactions } from '../synchronization/arena.ts';

/** The kinds there are, and the MCS tree with other arities. */
export const KINDS: readonly BarrierKind[] = [
  ...BARRIERS,
  mcsTreeOfArity(2),
  mcsTreeOfArity(3),
  ...MESSAGE_BARRIERS,
];

/** Those over messages. */
export const MESSAGE_IDS: readonly string[] = MESSAGE_BARRIERS.map(({ id }) => id);

/** Episodes before the measured ones: all flags are in the caches, and harts are no longer together by chance. */
const WARM_UP = 4;

export function measureBarrier(cell: Cell, settings: Settings): Row {
  const {
    barrier: id,
    machine,
    harts,
  } = cell as {
    readonly barrier: string;
    readonly machine: string;
    readonly harts: number;
  };
  checkFit(id, machine);
  const kind = KINDS.find((candidate) => candidate.id === id) as BarrierKind;
  const episodes = settings.parameters['episodes'] as number;
  const arena = new Arena(machine, harts, settings);
  const barrier = kind.at(arena.shared(), harts, arena.own);
  const arrived = new Array<number>(harts).fill(0);
  let early = 0;
  const meet = (count: number) =>
    function* (hart: number): Code {
      for (let episode = 0; episode < count; episode++) {
        const mine = (arrived[hart] as number) + 1;
        arrived[hart] = mine;
        yield* barrier.wait(hart);
        if (arrived.some((other) => other < mine)) early++;
      }
    };
  arena.run(meet(WARM_UP));
  const phase = arena.run(meet(episodes));
  return {
    perEpisode: phase.cycles / episodes,
    transactions: transactions(phase) / episodes,
    remote: arena.remote(phase) / episodes,
    atomics: phase.counted('atomics') / episodes,
    early,
    space: kind.size(harts),
    own: kind.ownSize?.(harts) ?? 0,
  };
}

/** A cluster has messages and no shared memory, the others have it the other way round. */
function checkFit(barrier: string, machine: string): void {
  if (machine === 'cluster' && !MESSAGE_IDS.includes(barrier))
    throw new NotMeasured(`${barrier} has words that all share, and the nodes of a cluster share none`);
  if (machine !== 'cluster' && MESSAGE_IDS.includes(barrier))
    throw new NotMeasured(`${barrier} sends messages, and ${machine} has none`);
}
