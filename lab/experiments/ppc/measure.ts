/** Measures one cell: calls of all harts at a time to one server, or changes of a state that every hart has a copy of. */
import { Machine } from '../../../hw/machine.ts';
import { type Boot, bootKernel } from '../../../kernel/index.ts';
import { parameterWordsOf } from '../../settings/parameters.ts';
import { configFor } from '../framework/bare-machine.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';
import { callers, type Scene, SCENES } from './callers.ts';
import { CONSISTENCIES, counterCallers } from './counter-callers.ts';
import { recordStretches, type Stretch } from './place-events.ts';
import { SharedLines } from './shared-lines.ts';

const MEMORY_PER_NODE = 4 << 20;
/** Calls of each hart of which every instruction is looked at. */
const LOOKED_AT = 8;

/** Scenes in which all call as fast as they can; in the others one hart changes what the others read. */
export const INDEPENDENT: readonly Scene[] = ['null', 'locked', 'message'];

export function measurePpc(cell: Cell, settings: Settings): Row {
  const scene = cell['scene'] as string;
  return (INDEPENDENT as readonly string[]).includes(scene)
    ? measureCalls(cell, scene, settings)
    : measureChanges(cell, scene, settings);
}

function measureCalls(cell: Cell, scene: string, settings: Settings): Row {
  const rounds = settings.parameters['rounds'] as number;
  const machine = prepare(cell, scene, rounds, settings);
  const stretches = recordStretches(machine, 'begin', 'end');
  finish(machine);
  const elapsed =
    Math.max(...stretches.map(({ end }) => end)) - Math.min(...stretches.map(({ begin }) => begin));
  const looked = prepare(cell, scene, LOOKED_AT, settings);
  const lines = new SharedLines(looked);
  finish(looked);
  const calls = stretches.length * rounds;
  return {
    perCall: mean(stretches.map(({ begin, end }) => end - begin)) / rounds,
    throughput: (1e6 * calls) / elapsed,
    transactions: sum(stretches.map(({ transactions }) => transactions)) / calls,
    locks: lines.locks / (stretches.length * LOOKED_AT),
    sharedLines: lines.shared,
    readOnlyLines: lines.readOnly,
    perChange: null,
    perRead: null,
    readTransactions: null,
  };
}

function measureChanges(cell: Cell, scene: string, settings: Settings): Row {
  const rounds = settings.parameters['changes'] as number;
  const machine = prepare(cell, scene, rounds, settings);
  const changes = recordStretches(machine, 'change', 'changed');
  const reads = recordStretches(machine, 'read', 'has-read');
  finish(machine);
  const others = reads.filter(({ hart }) => hart !== 0);
  const length = (stretches: readonly Stretch[]): number =>
    mean(stretches.map(({ begin, end }) => end - begin));
  const alone = others.length === 0;
  return {
    perCall: null,
    throughput: null,
    transactions: null,
    locks: null,
    sharedLines: null,
    readOnlyLines: null,
    perChange: length(changes),
    perRead: alone ? null : length(others),
    readTransactions: alone ? null : mean(others.map(({ transactions }) => transactions)),
  };
}

function prepare(cell: Cell, scene: string, rounds: number, settings: Settings): Machine {
  const harts = cell['harts'] as number;
  const set = { memoryPerNode: MEMORY_PER_NODE };
  const machine = new Machine(configFor(cell['machine'] as string, { harts, set }, settings));
  try {
    bootKernel(machine, bootOf(scene, rounds, settings));
  } catch (error) {
    if (error instanceof RangeError) throw new NotMeasured(error.message);
    throw error;
  }
  return machine;
}

/** The program of a scene, and what the kernel has to know. */
function bootOf(scene: string, rounds: number, settings: Settings): Boot {
  const consistency = CONSISTENCIES[scene];
  if (consistency !== undefined) {
    const parameters = parameterWordsOf(counterCallers, { rounds });
    return { entry: counterCallers.entry, parameters, options: { 'objects.consistency': consistency } };
  }
  const { held, words } = settings.parameters as { readonly held: number; readonly words: number };
  const index = (SCENES as readonly string[]).indexOf(scene);
  const parameters = parameterWordsOf(callers, { scene: index, rounds, cycles: held, words });
  return { entry: callers.entry, parameters };
}

function finish(machine: Machine): void {
  const stop = machine.run({ cycles: 1e9 });
  if (stop.kind !== 'halted' || stop.status !== 0)
    throw new Error(`the calls did not end well: ${JSON.stringify(stop)} ${machine.console.text()}`);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
