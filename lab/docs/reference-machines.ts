import type { LowerCacheGeometry, MachineConfig, Timing } from '../../hw/config.ts';
import { PRESETS, type Preset } from '../../hw/presets.ts';
import { code, page, table } from './markdown.ts';
import { presetNotes } from './preset-notes.ts';

const KIBIBYTE = 1024;
const MEBIBYTE = KIBIBYTE * KIBIBYTE;

/** The tags with which the presets' comments say how sure a published figure is. */
const TAGS = [
  ['[F]', 'found in a primary text'],
  ['[F2]', 'found in notes on it, or in a review'],
  ['[D]', 'worked out from figures that have one of these tags'],
  ['[M+], [M], [M-]', 'remembered with high, middling or low confidence, and not verified'],
] as const;

const LATENCIES = Object.keys(PRESETS[0]?.config.timing ?? {}) as (keyof Timing)[];

/** What connects caches and memory, in the words of the table. */
const CONNECTIONS: Readonly<Record<MachineConfig['memorySystem'], string>> = {
  bus: 'one bus',
  directory: 'mesh of nodes',
  switch: 'omega switch, all memory behind it',
  butterfly: 'omega switch, a module at each processor',
  cluster: 'network interfaces; messages only',
};

/** docs/reference/machines.md: the presets, their geometry and their latencies, and where the figures are from. */
export async function renderMachines(): Promise<string> {
  const notes = await presetNotes();
  return page(
    'The machines',
    'A preset is a whole configuration. `--harts`, `--nodes`, `--coherence`, `--consistency` and `--set` change ' +
      'single [fields](configuration.md) of it: `--set timing.hop=40`, `--set llc.size=1048576`.',
    table(
      ['preset', 'what it is'],
      PRESETS.map(({ name, summary }) => [code(name), summary]),
    ),
    '## How they are built',
    table(
      ['preset', 'connection', 'coherence', 'harts per node', 'memory per node'],
      PRESETS.map(({ name, hartsPerNode, config }) => [
        code(name),
        CONNECTIONS[config.memorySystem],
        config.coherence,
        Number.isFinite(hartsPerNode) ? hartsPerNode : 'all',
        size(config.memoryPerNode),
      ]),
    ),
    'With many nodes each has less memory, so that all of it lies below the device registers.',
    '## Caches and TLBs',
    table(
      ['preset', 'line', 'L1', 'L2', 'last level', 'TLB'],
      PRESETS.map(({ name, config: { l1, l2, llc, tlb } }) => [
        code(name),
        `${l1.line} bytes`,
        cache(l1),
        cache(l2),
        cache(llc),
        `${tlb.entries} entries, ${ways(tlb.ways)}${tlb.tagged ? '' : ', untagged'}`,
      ]),
    ),
    'L1 and L2 belong to a core; the last level belongs to a node and lies at its memory. All are write-back, and ' +
      'replace the line that was used least recently.',
    '## Latencies and occupancies',
    'In cycles. An access costs the sum of what it goes through; `eddy experiment latency-probe` measures every ' +
      'level of every preset. What each is, and how to set it, is on the page [configuration](configuration.md).',
    table(
      ['', ...PRESETS.map(({ name }) => code(name))],
      LATENCIES.map((name) => [code(name), ...PRESETS.map(({ config }) => latency(config, name))]),
    ),
    '## Where the figures are from',
    'What has no tag is our own choice. The tags say how far a published figure can be trusted:',
    table(['tag', 'meaning'], TAGS),
    ...PRESETS.map(({ name }) => {
      const said = notes.get(name) ?? [];
      return [`### ${name}`, ...(said.length > 0 ? said : ['All figures are our own choice.'])].join('\n\n');
    }),
  );
}

/** A latency, where the machine has what it is the latency of. */
function latency(config: Preset['config'], name: keyof Timing): number | string {
  const missing =
    (name === 'l2Hit' && config.l2.size === 0) ||
    (name === 'llcHit' && config.llc.size === 0) ||
    (name === 'directory' && ['bus', 'cluster'].includes(config.memorySystem)) ||
    (name === 'message' && config.memorySystem !== 'cluster');
  return missing ? '–' : config.timing[name];
}

const ways = (count: number): string => (count === 1 ? 'direct-mapped' : `${count}-way`);

const cache = ({ size: bytes, ways: count }: LowerCacheGeometry): string =>
  bytes === 0 ? '–' : `${size(bytes)}, ${ways(count)}`;

const size = (bytes: MachineConfig['memoryPerNode']): string =>
  bytes >= MEBIBYTE ? `${bytes / MEBIBYTE} MiB` : `${bytes / KIBIBYTE} KiB`;
