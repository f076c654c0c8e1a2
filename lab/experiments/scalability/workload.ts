/**
 * The work of one hart: reads and writes of which a given share goes to memory that all harts use, and the
 * rest to memory of the hart's own. 30 of 100 accesses write.
 */
import type { MachineConfig } from '../../../hw/config.ts';
import { type Code, load, store, work } from '../../../hw/isa/index.ts';
import { xorshift } from '../framework/random.ts';

export interface Workload {
  /** Percent of the accesses. */
  readonly share: number;
  /** Whether the hart's own data fits its cache (`cached`) or every access goes to its node's memory. */
  readonly own: 'cached' | 'memory';
  readonly accesses: number;
}

const SHARED = 0x1000;
const SHARED_LINES = 64;
const OWN = 0x1_0000;
/** Lines of a hart's own area. */
const CACHED_LINES = 64;
const WRITES_PER_HUNDRED = 30;
const THINK = 10;

/** Where the areas of a machine lie: shared lines go round the nodes, a hart's own are in its node. */
export class Areas {
  private readonly config: MachineConfig;
  private readonly bytesPerHart: number;

  constructor(config: MachineConfig, { own, accesses }: Workload) {
    this.config = config;
    this.bytesPerHart = config.l1.line * (own === 'cached' ? CACHED_LINES : accesses);
  }

  /** Bytes of memory that a node must have. */
  static bytesPerNode(hartsPerNode: number, line: number, accesses: number): number {
    const wanted = OWN + hartsPerNode * line * Math.max(CACHED_LINES, accesses);
    return 2 ** Math.ceil(Math.log2(wanted));
  }

  shared(index: number): number {
    const { nodes, memoryPerNode, l1 } = this.config;
    const line = index % SHARED_LINES;
    return (line % nodes) * memoryPerNode + SHARED + Math.floor(line / nodes) * l1.line;
  }

  own(hart: number, index: number): number {
    const { coresPerNode, hartsPerCore, memoryPerNode, l1 } = this.config;
    const perNode = coresPerNode * hartsPerCore;
    const base = Math.floor(hart / perNode) * memoryPerNode + OWN + (hart % perNode) * this.bytesPerHart;
    return base + ((index * l1.line) % this.bytesPerHart);
  }
}

/** Brings what fits the cache into it, and shared lines into the state that they usually are in. */
export function* warmUp(hart: number, areas: Areas, workload: Workload): Code {
  if (workload.own === 'memory') return;
  for (let index = 0; index < CACHED_LINES; index++) yield load(areas.own(hart, index));
  if (workload.share > 0) for (let index = 0; index < SHARED_LINES; index++) yield load(areas.shared(index));
  yield* accessMemory(hart, areas, { ...workload, accesses: workload.accesses / 4 }, 1);
}

/** Reads and writes at random. */
export function* accessMemory(hart: number, areas: Areas, workload: Workload, seed = 0): Code {
  const random = xorshift(1 + hart * 2 + seed * 1000);
  const { share, own, accesses } = workload;
  for (let access = 0; access < accesses; access++) {
    const chance = random();
    const isShared = chance % 100 < share;
    const index = own === 'memory' && !isShared ? access : random();
    const address = isShared ? areas.shared(index) : areas.own(hart, index);
    if (random() % 100 < WRITES_PER_HUNDRED) yield store(address, access);
    else yield load(address);
    yield work(THINK);
  }
}
