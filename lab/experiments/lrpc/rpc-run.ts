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

/** Those of the program, by their numbers there. */
const TRANSPORTS = ['lrpc', 'message', 'restricted'] as const;
type TransportName = (typeof TRANSPORTS)[number];

interface Way {
  readonly transport: TransportName;
  readonly options: KernelOptions;
  /** Harts that have to be there for one client. */
  readonly harts: number;
}

/** How calls are made: the transport, and the kernel that carries it out. */
export const WAYS = {
  lrpc: { transport: 'lrpc', options: {}, harts: 1 },
  /** With domain caching: another hart idles in the server's context. */
  'lrpc-mp': { transport: 'lrpc', options: { domainCaching: 'on' }, harts: 2 },
  message: { transport: 'message', options: {}, harts: 1 },
  restricted: { transport: 'restricted', options: {}, harts: 1 },
  /** As SRC RPC had it: one lock on all transfers. */
  baseline: { transport: 'message', options: { transfer: 'global' }, harts: 1 },
} as const satisfies Record<string, Way>;
export type WayName = keyof typeof WAYS;
export const MECHANISMS = ['lrpc', 'lrpc-mp', 'message', 'restricted'] as const satisfies readonly WayName[];
/** Those of the program, by their numbers there; the last one reads memory of the server's. */
const ALL_PROCEDURES = ['null', 'add', 'bigIn', 'bigInOut', 'immutable', 'browse'] as const;
export const PROCEDURES = ALL_PROCEDURES.slice(0, 5);
const MEMORY_PER_NODE = 8 << 20;

export interface RpcChoice {
  readonly machine: string;
  readonly harts: number;
  readonly way: WayName;
  readonly procedure: (typeof ALL_PROCEDURES)[number];
  readonly calls: number;
  readonly clients: number;
  readonly touch: number;
  readonly set?: Partial<MachineConfig>;
}

/**
 * A machine with the program loaded.
 * @throws NotMeasured when this build has no such machine
 */
export function prepareRpc(choice: RpcChoice, settings: Settings): Machine {
  const { machine: preset, harts, calls, clients, touch, set = {} } = choice;
  const { transport, options, harts: least } = WAYS[choice.way];
  const machine = new Machine(
    configFor(
      preset,
      { harts: Math.max(harts, least), set: { memoryPerNode: MEMORY_PER_NODE, ...set } },
      settings,
    ),
  );
  const parameters = parameterWordsOf(rpc, {
    mechanism: TRANSPORTS.indexOf(transport),
    procedure: ALL_PROCEDURES.indexOf(choice.procedure),
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
