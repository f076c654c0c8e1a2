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
import { Arena, checkRoom, transactions } from '../synchronization/arena.ts';

/** The kinds there are, and the MCS tree with other arities. */
export const KINDS: readonly BarrierKind[] = [
  ...BARRIERS,
  mcsTreeOfArity(2),
  mcsTreeOfArity(3),
  ...MESSAGE_BARRIERS,
];

/** Episodes before the measured ones: all flags are in the caches, and harts are no longer together by chance. */
const WARM_UP = 4;

/** @param own the kind to measure, if it is none of ours */
export function measureBarrier(cell: Cell, settings: Settings, own?: BarrierKind): Row {
  const {
    barrier: id,
    machine,
    harts,
  } = cell as {
    readonly barrier: string;
    readonly machine: string;
    readonly harts: number;
  };
  const kind = own ?? (KINDS.find((candidate) => candidate.id === id) as BarrierKind);
  checkFit(kind, machine);
  const each = kind.ownSize?.(harts) ?? 0;
  checkRoom(kind.size(harts) - harts * each, each);
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
    own: each,
  };
}

/** A cluster has messages and no shared memory, the others have it the other way round. */
function checkFit({ id, messages = false }: BarrierKind, machine: string): void {
  if (machine === 'cluster' && !messages)
    throw new NotMeasured(`${id} has words that all share, and the nodes of a cluster share none`);
  if (machine !== 'cluster' && messages)
    throw new NotMeasured(`${id} sends messages, and ${machine} has none`);
}
