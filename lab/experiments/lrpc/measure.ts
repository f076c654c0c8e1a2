/** Measures one cell of `lrpc`: calls on one hart, and what each part of one takes. */
import { STEP } from '../../../kernel/index.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { placeOf, recordStretches, type Stretch } from '../ppc/place-events.ts';
import { Breakdown } from './breakdown.ts';
import { finishRpc, prepareRpc, type RpcChoice, type WayName } from './rpc-run.ts';

/** Of the TLB. */
export const TAGS = ['untagged', 'tagged'] as const;

export function measureLrpc(cell: Cell, settings: Settings): Row {
  const calls = settings.parameters['calls'] as number;
  const choice: RpcChoice = {
    machine: 'firefly',
    harts: 1,
    way: cell['mechanism'] as WayName,
    procedure: cell['procedure'] as RpcChoice['procedure'],
    calls,
    clients: 1,
    touch: 0,
    set: { tlb: { entries: 64, ways: 4, tagged: cell['tlb'] === 'tagged' } },
  };
  const machine = prepareRpc(choice, settings);
  const [whole, binds] = [
    recordStretches(machine, 'begin', 'end'),
    recordStretches(machine, 'bind', 'bound'),
  ];
  const exchanges = countExchanges(machine);
  finishRpc(machine);
  const looked = prepareRpc(choice, settings);
  const { sums, letters } = lookAt(looked);
  const perCall = lengthOf(whole[0]) / calls;
  const part = (cycles: number): number => cycles / sums.calls;
  // Where the time of a call goes is told of calls that stay on one hart.
  const stays = choice.way !== 'lrpc-mp';
  const kernel = sums.cycles - sums.traps - sums.user - (sums.walks - sums.userWalks);
  return {
    perCall,
    traps: stays ? part(sums.traps) : null,
    walks: stays ? part(sums.walks) : null,
    stubs: stays ? part(sums.user - sums.userWalks) : null,
    kernel: stays ? part(kernel) : null,
    tlbMisses: stays ? part(sums.tlbMisses) : null,
    exchanges: exchanges() / calls,
    copies: part(sums.copies),
    letters,
    // The one that succeeded: those before found nobody.
    bind: Math.max(...binds.map(lengthOf)),
    locality: lost(choice, settings),
  };
}

/** How often threads change places with idle harts between `begin` and `end`. */
export function countExchanges(machine: Parameters<typeof finishRpc>[0]): () => number {
  let exchanges = 0;
  let open = 0;
  machine.trace.attach({
    event: (event) => {
      const place = placeOf(event);
      if (place === 'begin') open++;
      if (place === 'end') open--;
      if (event.kind === 'enter' && event.step === STEP.lrpcExchange && open > 0) exchanges++;
    },
  });
  return () => exchanges;
}

function lookAt(machine: Parameters<typeof finishRpc>[0]): Breakdown {
  const breakdown = new Breakdown(machine);
  finishRpc(machine);
  return breakdown;
}

/** What the client's next look at its own data takes longer after a call than right after another look. */
function lost(choice: RpcChoice, settings: Settings): number {
  const machine = prepareRpc(
    { ...choice, touch: settings.parameters['touch'] as number, calls: Math.min(choice.calls, 50) },
    settings,
  );
  const first = recordStretches(machine, 'touch', 'touched');
  const again = recordStretches(machine, 'again', 'touched2');
  finishRpc(machine);
  return mean(first.slice(FIRST).map(lengthOf)) - mean(again.slice(FIRST).map(lengthOf));
}

/** Rounds that warm the caches. */
const FIRST = 5;

const lengthOf = (stretch: Stretch | undefined): number =>
  stretch === undefined ? Number.NaN : stretch.end - stretch.begin;
const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length;
