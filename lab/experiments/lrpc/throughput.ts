/** Measures one cell of `lrpc-throughput`: null calls of several threads at the same time, each on a hart. */
import { MARK } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { placeOf } from '../ppc/place-events.ts';
import { countExchanges } from './measure.ts';
import { finishRpc, prepareRpc, type WayName } from './rpc-run.ts';

/** The baseline is message passing with one lock for all transfers, as SRC RPC had. */
export const SYSTEMS = ['lrpc', 'lrpc-mp', 'baseline'] as const satisfies readonly WayName[];

export function measureThroughput(cell: Cell, settings: Settings): Row {
  const calls = settings.parameters['calls'] as number;
  const clients = cell['clients'] as number;
  const machine = prepareRpc(
    {
      machine: cell['machine'] as string,
      harts: Math.max(clients, settings.parameters['harts'] as number),
      way: cell['system'] as WayName,
      procedure: 'null',
      calls,
      clients,
      touch: 0,
    },
    settings,
  );
  const { begins, ends } = recordPlaces(machine);
  const held = new UserLockTime(machine);
  const exchanges = countExchanges(machine);
  finishRpc(machine);
  const total = sum(ends) - sum(begins);
  return {
    throughput: (1e6 * calls * clients) / (Math.max(...ends) - Math.min(...begins)),
    perCall: total / (calls * clients),
    underLock: (100 * held.cycles) / total,
    exchanges: exchanges() / (calls * clients),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** When threads begin and end. One may end on another hart than it began on. */
function recordPlaces(machine: Machine): {
  readonly begins: readonly number[];
  readonly ends: readonly number[];
} {
  const begins: number[] = [];
  const ends: number[] = [];
  machine.trace.attach({
    event: (event) => {
      const place = placeOf(event);
      if (event.kind !== 'mark') return;
      if (place === 'begin') begins.push(event.cycle);
      if (place === 'end') ends.push(event.cycle);
    },
  });
  return { begins, ends };
}

/** How long threads held locks of their own, from the first `begin` to the last `end`. */
class UserLockTime {
  cycles = 0;
  private readonly since = new Map<number, number>();
  private open = 0;

  constructor(machine: Machine) {
    machine.trace.attach({
      event: (event) => {
        const place = placeOf(event);
        if (event.kind !== 'mark') return;
        const { hart, cycle, mark, user } = event;
        if (place === 'begin') this.open++;
        if (place === 'end') this.open--;
        if (!user || this.open === 0) return;
        if (mark === MARK.lockAcquired) this.since.set(hart, cycle);
        if (mark === MARK.lockReleased) this.cycles += cycle - (this.since.get(hart) ?? cycle);
      },
    });
  }
}
