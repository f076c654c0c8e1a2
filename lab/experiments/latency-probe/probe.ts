/**
 * Probes every level of a preset from hart 0, with every place of the line and of the other cache. The
 * machine is idle otherwise, and rests before each access, so that nothing waits for anything.
 */
import { hartCount, type MachineConfig } from '../../../hw/config.ts';
import { type Code, flush, work } from '../../../hw/isa/index.ts';
import { findPreset } from '../../../hw/presets.ts';
import { BareMachine, configFor } from '../framework/bare-machine.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';
import { type Level, LEVELS } from './levels.ts';
import { type LatencyModel, modelOf, type Way } from './model.ts';

const NODES = 16;
/** Machines that somebody measured, in the size in which they did; of a cluster, what one node can see. */
const SIZES: Readonly<Record<string, { readonly nodes: number; readonly harts: number }>> = {
  butterfly: { nodes: 64, harts: 64 },
  cluster: { nodes: 1, harts: 4 },
  numachine: { nodes: 4, harts: 16 },
  origin: { nodes: 16, harts: 32 },
  amd16: { nodes: 4, harts: 16 },
};
const FIRST_LINE = 0x1000;
/** Longer than any transaction. */
const REST = 10_000;

interface Target extends Way {
  readonly address: number;
  /** The hart with the other cache. */
  readonly helper: number;
}

export function probePreset({ preset }: Cell, settings: Settings): Row[] {
  const config = configOf(preset as string, settings);
  const model = modelOf(config);
  if (model === undefined)
    throw new NotMeasured(`no model of the latencies of ${config.memorySystem} machines`);
  const bare = new BareMachine(config);
  // No line is probed twice: a last-level cache would remember it.
  let lines = 0;
  const place = (home: number): number => home * config.memoryPerNode + FIRST_LINE + lines++ * config.l1.line;
  return LEVELS.filter((level) => level.on(config)).flatMap((level) =>
    probeLevel(bare, level, targetsOf(level, bare, config, place), model, config),
  );
}

/** As many nodes as make long ways, and two harts on each if the preset allows more than one. */
function configOf(preset: string, settings: Settings): MachineConfig {
  const { hartsPerNode = 1 } = findPreset(preset) ?? {};
  const nodes = Number.isFinite(hartsPerNode) ? NODES : 1;
  const size = SIZES[preset] ?? { nodes, harts: nodes * (hartsPerNode > 1 ? 2 : 1) };
  return configFor(preset, size, settings);
}

/** Every place that a line, and the other cache that holds it, can have. */
function targetsOf(
  level: Level,
  { machine }: BareMachine,
  config: MachineConfig,
  place: (home: number) => number,
): Target[] {
  const homes = level.anyHome ? [...Array(config.nodes).keys()] : [0];
  const helpers = level.other ? [...Array(hartCount(config)).keys()].filter((hart) => hart > 0) : [0];
  return homes.flatMap((home) =>
    helpers.map((helper) => ({
      home,
      other: machine.nodeOf(helper),
      helper,
      address: place(home),
    })),
  );
}

interface Measured {
  readonly hops: number;
  readonly configured: number;
  readonly fastest: number;
  readonly slowest: number;
  readonly probes: number;
}

/** One row for all places at which the access must take the same time. */
function probeLevel(
  bare: BareMachine,
  level: Level,
  targets: readonly Target[],
  model: LatencyModel,
  config: MachineConfig,
): Row[] {
  const rows = new Map<string, Measured>();
  for (const target of targets) {
    const cycles = probe(bare, level, target);
    const hops = level.hops(model, target);
    const configured = level.beyondHit(model, target, config.timing) + config.timing.l1Hit;
    const key = `${hops} ${configured}`;
    const row = rows.get(key) ?? { fastest: cycles, slowest: cycles, probes: 0 };
    rows.set(key, {
      hops,
      configured,
      fastest: Math.min(row.fastest, cycles),
      slowest: Math.max(row.slowest, cycles),
      probes: row.probes + 1,
    });
  }
  return [...rows.values()]
    .toSorted((left, right) => left.hops - right.hops || left.configured - right.configured)
    .map((row) => ({ level: level.name, ...row }));
}

/** Cycles of one access, by hart 0's clock. Afterwards no cache holds the line. */
function probe(bare: BareMachine, level: Level, { address, helper }: Target): number {
  const { before, first } = level;
  const { machine } = bare;
  let cycles = 0;
  if (before !== undefined) bare.run(() => before(address), [helper]);
  const access = function* (): Code {
    yield work(REST);
    if (first !== undefined) yield* first(address, machine.config);
    yield work(REST);
    const start = machine.clock(0);
    yield level.access(address);
    cycles = machine.clock(0) - start;
    yield flush(address);
  };
  bare.run(access, [0]);
  if (before !== undefined) bare.run(() => dropped(address), [helper]);
  return cycles;
}

function* dropped(address: number): Code {
  yield work(REST);
  yield flush(address);
}
