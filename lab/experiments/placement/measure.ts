/** Measures one cell of `placement`: the program `pages` under a kernel with a placement. */
import type { Machine as Hardware } from '../../../hw/machine.ts';
import { Machine } from '../../../hw/machine.ts';
import { bootKernel, inspectPaging, type PlacementName } from '../../../kernel/index.ts';
import pages from '../../../userland/programs/pages.ts';
import { parameterWords } from '../../settings/parameters.ts';
import { configFor } from '../framework/bare-machine.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { placeOf } from '../ppc/place-events.ts';

const MEMORY_PER_NODE = 4 << 20;
const REFS_PER_HART = 128;
const LINES_PER_PAGE = 64;

/** What the workers did between their marks, together. */
interface Work {
  cycles: number;
  local: number;
  remote: number;
  waiting: number;
}

export function measurePlacement(cell: Cell, settings: Settings): Row {
  const {
    machine: preset,
    pattern,
    placement,
    harts,
  } = cell as {
    readonly machine: string;
    readonly pattern: string;
    readonly placement: PlacementName;
    readonly harts: number;
  };
  const each = settings.parameters['pages'] as number;
  const rounds = settings.parameters['rounds'] as number;
  const config = configFor(preset, { harts, set: { memoryPerNode: MEMORY_PER_NODE } }, settings);
  const machine = new Machine(config);
  const work = watchWork(machine);
  const texts = { pattern, pages: each, rounds };
  const words = new Map(Object.entries(texts).map(([name, value]) => [name, String(value)]));
  bootKernel(machine, {
    entry: pages.entry,
    parameters: parameterWords(pages, words),
    options: { refsPerHart: REFS_PER_HART, placement },
  });
  const stop = machine.run();
  if (stop.kind !== 'halted' || stop.status !== 0)
    throw new Error(`the program failed: ${JSON.stringify(stop)} ${machine.console.text()}`);
  const lines = harts * each * rounds * LINES_PER_PAGE;
  const { moved, replicated } = inspectPaging(machine);
  return {
    perLine: work.cycles / lines,
    remote: work.remote / lines,
    local: work.local / lines,
    waiting: work.waiting / lines,
    moved,
    replicated,
  };
}

/** Adds up what every hart does from `begin` to `end`. */
function watchWork(machine: Hardware): Work {
  const work: Work = { cycles: 0, local: 0, remote: 0, waiting: 0 };
  const begun = new Map<number, Work>();
  const now = (hart: number, cycle: number): Work => ({
    cycles: cycle,
    local: machine.counters.get(hart, 'localFills'),
    remote: machine.counters.get(hart, 'remoteFills'),
    waiting: machine.counters.get(hart, 'queueCycles'),
  });
  machine.trace.attach({
    event: (event) => {
      const name = placeOf(event);
      if (event.kind !== 'mark' || name === undefined) return;
      const seen = now(event.hart, event.cycle);
      const before = begun.get(event.hart);
      if (name === 'begin') begun.set(event.hart, seen);
      if (name !== 'end' || before === undefined) return;
      for (const key of ['cycles', 'local', 'remote', 'waiting'] as const)
        work[key] += seen[key] - before[key];
    },
  });
  return work;
}
