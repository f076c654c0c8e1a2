/** Measures one pattern on one machine. */
import type { MachineConfig } from '../../../hw/config.ts';
import { BareMachine, configFor, type Phase } from '../framework/bare-machine.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';
import { type Errors, PATTERNS, type Pattern } from './patterns.ts';
import { protocolInForce } from './protocol-in-force.ts';
import { type Layout, sharingFor } from './sharing.ts';

/** Below this nothing lies; areas are apart by more than the largest line. */
const DATA = 0x1_0000;
const COUNTER = 0x2_0000;
const FLAGS = 0x3_0000;
const APART = 256;

export function measureSharing(cell: Cell, settings: Settings): Row {
  const {
    machine: preset,
    protocol,
    pattern: name,
    line,
    harts,
  } = cell as {
    readonly machine: string;
    readonly protocol: string;
    readonly pattern: string;
    readonly line: number;
    readonly harts: number;
  };
  const config = configured(preset, protocol, line, harts, settings);
  const pattern = PATTERNS[name] as Pattern;
  const rounds = settings.parameters['rounds'] as number;
  const bare = new BareMachine(config);
  const layout = layoutOn(bare, config);
  const errors: Errors = { count: 0 };
  let transactions = 0;
  bare.machine.trace.attach({
    event: ({ kind }) => {
      if (kind === 'transaction' || kind === 'writeback') transactions++;
    },
  });
  const phase = bare.run(pattern.program(layout, sharingFor(protocol, line), rounds, errors));
  for (const [address, value] of pattern.outcome(layout, rounds)) {
    if (bare.machine.peek(address) !== value) errors.count++;
  }
  return figures(phase, transactions, pattern.accesses(harts, rounds), harts, errors);
}

function figures(
  { cycles, counted }: Phase,
  transactions: number,
  accesses: number,
  harts: number,
  errors: Errors,
): Row {
  return {
    accesses,
    cycles,
    perAccess: (cycles * harts) / accesses,
    transactions,
    perHundred: (100 * transactions) / accesses,
    misses: counted('l1Misses'),
    invalidations: counted('invalidationsSent'),
    updates: counted('updates'),
    writebacks: counted('writebacks'),
    wrong: errors.count,
  };
}

/** @throws NotMeasured when this build has no such machine, or it behaves otherwise */
function configured(
  preset: string,
  protocol: string,
  line: number,
  harts: number,
  settings: Settings,
): MachineConfig {
  const set = { coherence: protocol, l1: { size: 32 * 1024, ways: 4, line } } as Partial<MachineConfig>;
  const config = configFor(preset, { harts, set }, settings);
  const found = protocolInForce(config);
  if (found === protocol) return config;
  throw new NotMeasured(`${preset} with coherence ${protocol} behaves as ${found} on this build`);
}

function layoutOn({ machine, harts }: BareMachine, config: MachineConfig): Layout {
  return {
    harts,
    line: config.l1.line,
    data: DATA,
    counter: COUNTER,
    flagOf: (hart) => machine.nodeOf(hart) * config.memoryPerNode + FLAGS + hart * APART,
  };
}
