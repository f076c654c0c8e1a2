/** The program `rpc` on a machine that is ready to run, and what it does between the places that it marks. */
import type { KernelOptions } from '../../../kernel/index.ts';
import { bootKernel } from '../../../kernel/index.ts';
import { Machine } from '../../../hw/machine.ts';
import type { MachineConfig } from '../../../hw/config.ts';
import rpc from '../../../userland/programs/rpc.ts';
import { parameterWordsOf } from '../../settings/parameters.ts';
import { configFor } from '../framework/bare-machine.ts';
import type { Settings } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';

export const MECHANISMS = ['lrpc', 'message', 'restricted'] as const;
export type Mechanism = (typeof MECHANISMS)[number];
export const PROCEDURES = ['null', 'add', 'bigIn', 'bigInOut', 'immutable'] as const;
const MEMORY_PER_NODE = 8 << 20;

export interface RpcChoice {
  readonly machine: string;
  readonly harts: number;
  readonly mechanism: Mechanism;
  readonly procedure: (typeof PROCEDURES)[number];
  readonly calls: number;
  readonly clients: number;
  readonly touch: number;
  readonly set?: Partial<MachineConfig>;
  readonly options?: KernelOptions;
}

/**
 * A machine with the program loaded.
 * @throws NotMeasured when this build has no such machine
 */
export function prepareRpc(choice: RpcChoice, settings: Settings): Machine {
  const { machine: preset, harts, calls, clients, touch, set = {}, options = {} } = choice;
  const machine = new Machine(
    configFor(preset, { harts, set: { memoryPerNode: MEMORY_PER_NODE, ...set } }, settings),
  );
  const parameters = parameterWordsOf(rpc, {
    mechanism: MECHANISMS.indexOf(choice.mechanism),
    procedure: PROCEDURES.indexOf(choice.procedure),
    calls,
    clients,
    touch,
  });
  try {
    bootKernel(machine, { entry: rpc.entry, parameters, options });
  } catch (error) {
    if (error instanceof RangeError) throw new NotMeasured(error.message);
    throw error;
  }
  return machine;
}

/** Runs it to its end. */
export function finishRpc(machine: Machine): void {
  const stop = machine.run({ cycles: 1e9 });
  if (stop.kind !== 'halted' || stop.status !== 0)
    throw new Error(`the calls did not end well: ${JSON.stringify(stop)} ${machine.console.text()}`);
}
