/** The process in which footprint.ts measures: builds the machine, lets every hart touch its memory, and reports. */
import { type Code, store } from '../../hw/isa/index.ts';
import { Machine } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import { runToEnd } from './measure.ts';

/** What is measured. */
export interface FootprintTask {
  readonly harts: number;
  /** Bytes that each hart touches. */
  readonly bytesPerHart: number;
}

const { harts, bytesPerHart } = JSON.parse(process.argv[2] as string) as FootprintTask;
const config = presetConfig('cc-numa', { harts, seed: 1 });
const hartsPerNode = harts / config.nodes;
/** Each hart's memory is on its own node, in the upper half. */
const first = (hart: number): number =>
  Math.floor(hart / hartsPerNode) * config.memoryPerNode +
  config.memoryPerNode / 2 +
  (hart % hartsPerNode) * bytesPerHart;

function* touch(hart: number): Code {
  const start = first(hart);
  for (let offset = 0; offset < bytesPerHart; offset += config.l1.line) yield store(start + offset, hart);
}

const machine = new Machine(config);
for (let hart = 0; hart < harts; hart++) machine.start(hart, touch, hart);
runToEnd(machine);
process.send?.(Math.round(process.resourceUsage().maxRSS / 1024));
