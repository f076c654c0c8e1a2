/** Draws a machine: its nodes with cores, caches and memory, and what connects them. */
import type { MachineConfig } from '../../hw/config.ts';
import { describeConfig } from '../../hw/presets.ts';
import type { Paint } from './paint.ts';
import { bytes, count, fit } from './text.ts';

/** Two nodes side by side fit 80 columns. */
const INNER = 34;
const PER_ROW = 2;
const MOST_NODES = 4;
const CORES_SHOWN = 4;

/** The drawing, line by line. */
export function drawMachine(config: MachineConfig, paint: Paint): string[] {
  const { nodes, timing, memorySystem } = config;
  const shown = Math.min(nodes, MOST_NODES);
  const lines: string[] = [];
  for (let first = 0; first < shown; first += PER_ROW) {
    const row = Array.from({ length: Math.min(PER_ROW, shown - first) }, (_, index) => first + index);
    const boxes = row.map((node) => drawNode(config, node));
    for (const [line] of (boxes[0] as string[]).entries())
      lines.push(boxes.map((box) => box[line]).join('  '));
    lines.push(
      row
        .map(() => `${' '.repeat(INNER / 2)}│${' '.repeat(INNER / 2 + 1)}`)
        .join('  ')
        .trimEnd(),
    );
  }
  const hop = `${timing.hop} cycles`;
  const link =
    memorySystem === 'bus'
      ? `one snooping bus, ${hop} to get on it`
      : `mesh of ${count(nodes)} nodes, ${hop} a hop`;
  lines.push(`╞${'═'.repeat(8)} ${link} ${'═'.repeat(Math.max(2, 63 - link.length))}╡`);
  if (nodes > shown) lines.push(paint.dim(`  and ${count(nodes - shown)} more nodes like these`));
  lines.push('', ...facts(config, paint));
  return lines;
}

function drawNode(config: MachineConfig, node: number): string[] {
  const { coresPerNode, l1, memoryPerNode, memorySystem } = config;
  const cores = Array.from(
    { length: Math.min(coresPerNode, CORES_SHOWN) },
    (_, index) => node * coresPerNode + index,
  );
  const more = coresPerNode - cores.length;
  if (more > 0) cores.splice(-1);
  const cells = (text: (core: number) => string): string =>
    cores.map((core) => text(core).padEnd(8)).join('') + (more > 0 ? `+ ${more + 1}` : '');
  const base = (node * memoryPerNode).toString(16).padStart(8, '0');
  const content = [
    cells((core) => harts(config, core)),
    cells(() => `L1 ${l1.size / 1024}K`),
    `memory ${bytes(memoryPerNode)} from 0x${base}`,
    memorySystem === 'bus' ? 'caches snoop (MESI)' : 'directory (MESI)',
  ];
  const title = ` node ${node} `;
  return [
    `╭─${title}${'─'.repeat(INNER - title.length - 1)}╮`,
    ...content.map((text) => `│ ${fit(text, INNER - 1)}│`),
    `╰${'─'.repeat(INNER / 2 - 1)}┬${'─'.repeat(INNER / 2)}╯`,
  ];
}

function harts({ hartsPerCore }: MachineConfig, core: number): string {
  const first = core * hartsPerCore;
  return hartsPerCore === 1 ? `hart ${first}` : `${first}–${first + hartsPerCore - 1}`;
}

function facts(config: MachineConfig, paint: Paint): string[] {
  const { l1, tlb, timing, disk, preset, seed } = config;
  const cache = `L1 hit ${timing.l1Hit}, memory ${timing.memory}, cache to cache ${timing.cacheToCache}, trap ${timing.trap} cycles`;
  return [
    paint.dim(`  ${preset}: ${describeConfig(config)}, seed ${seed}; disk of ${count(disk.blocks)} blocks`),
    paint.dim(
      `  L1 ${l1.ways}-way with lines of ${l1.line} bytes; TLB of ${tlb.entries} entries, ${tlb.ways}-way`,
    ),
    paint.dim(`  ${cache}`),
  ];
}
