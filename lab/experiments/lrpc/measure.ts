/** Measures one cell of `lrpc`: calls on one hart, and what each part of one takes. */
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { recordStretches, type Stretch } from '../ppc/place-events.ts';
import { Breakdown } from './breakdown.ts';
import { finishRpc, type Mechanism, prepareRpc, type RpcChoice } from './rpc-run.ts';

/** Of the TLB. */
export const TAGS = ['untagged', 'tagged'] as const;

export function measureLrpc(cell: Cell, settings: Settings): Row {
  const calls = settings.parameters['calls'] as number;
  const choice: RpcChoice = {
    machine: 'firefly',
    harts: 1,
    mechanism: cell['mechanism'] as Mechanism,
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
  finishRpc(machine);
  const looked = prepareRpc(choice, settings);
  const { sums, letters } = lookAt(looked);
  const perCall = lengthOf(whole[0]) / calls;
  const part = (cycles: number): number => cycles / sums.calls;
  const kernel = sums.cycles - sums.traps - sums.user - (sums.walks - sums.userWalks);
  return {
    perCall,
    traps: part(sums.traps),
    walks: part(sums.walks),
    stubs: part(sums.user - sums.userWalks),
    kernel: part(kernel),
    tlbMisses: part(sums.tlbMisses),
    copies: part(sums.copies),
    letters,
    // The one that succeeded: those before found nobody.
    bind: Math.max(...binds.map(lengthOf)),
    locality: lost(choice, settings),
  };
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
