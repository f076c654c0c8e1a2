/** Measures one cell of `lrpc-throughput`: null calls of several threads at the same time, each on a hart. */
import { MARK } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { placeOf, recordStretches } from '../ppc/place-events.ts';
import { finishRpc, type Mechanism, prepareRpc } from './rpc-run.ts';

/** The baseline is message passing with one lock for all transfers, as SRC RPC had. */
export const SYSTEMS = { lrpc: 'lrpc', baseline: 'message' } as const satisfies Record<string, Mechanism>;

export function measureThroughput(cell: Cell, settings: Settings): Row {
  const calls = settings.parameters['calls'] as number;
  const clients = cell['clients'] as number;
  const system = cell['system'] as keyof typeof SYSTEMS;
  const machine = prepareRpc(
    {
      machine: cell['machine'] as string,
      harts: Math.max(clients, settings.parameters['harts'] as number),
      mechanism: SYSTEMS[system],
      procedure: 'null',
      calls,
      clients,
      touch: 0,
      options: system === 'baseline' ? { transfer: 'global' } : {},
    },
    settings,
  );
  const stretches = recordStretches(machine, 'begin', 'end');
  const held = new UserLockTime(machine);
  finishRpc(machine);
  const end = Math.max(...stretches.map((stretch) => stretch.end));
  const begin = Math.min(...stretches.map((stretch) => stretch.begin));
  const total = stretches.reduce((sum, stretch) => sum + stretch.end - stretch.begin, 0);
  return {
    throughput: (1e6 * calls * clients) / (end - begin),
    perCall: total / (calls * clients),
    underLock: (100 * held.cycles) / total,
  };
}

/** How long threads held locks of their own, between `begin` and `end`. */
class UserLockTime {
  cycles = 0;
  private readonly since = new Map<number, number>();
  private readonly inside = new Set<number>();

  constructor(machine: Machine) {
    machine.trace.attach({
      event: (event) => {
        const place = placeOf(event);
        if (event.kind !== 'mark') return;
        const { hart, cycle, mark, user } = event;
        if (place === 'begin') this.inside.add(hart);
        if (place === 'end') this.inside.delete(hart);
        if (!user || !this.inside.has(hart)) return;
        if (mark === MARK.lockAcquired) this.since.set(hart, cycle);
        if (mark === MARK.lockReleased) this.cycles += cycle - (this.since.get(hart) ?? cycle);
      },
    });
  }
}
