/** The experiment `latency-probe`: whether the machines are as fast as their tables say. */
import { PRESETS } from '../../../hw/presets.ts';
import type { Experiment, Row } from '../framework/experiment.ts';
import { valuesOf } from '../framework/rows.ts';
import { CLAIMS } from './claims.ts';
import { probePreset } from './probe.ts';

const NAMES = PRESETS.map(({ name }) => name);

/** Levels that depend on distance; writes take as long as reads. */
const DRAWN = ['memory read', 'LLC read', 'cache read', 'upgrade', 'update'];

/** Whether some of a machine's memory is farther than other. */
const hasDistances = ({ preset }: Row, rows: readonly Row[]): boolean =>
  valuesOf(
    rows.filter((row) => row['preset'] === preset && row['level'] === 'memory read'),
    'hops',
  ).length > 1;

export const latencyProbe: Experiment = {
  id: 'latency-probe',
  summary: 'Every level of every preset: the latency configured and the latency measured.',
  question:
    'How long does an access take on an idle machine, by where the line is: in this cache, in memory near or ' +
    'far, in another cache? And is that what the table of latencies says?',
  sources: [
    'CS6210 notes: about 2 cycles to the cache, 100 and more to memory',
    'Boyd-Wickizer et al., Corey, OSDI 2008 (latencies of a 16-core AMD machine, from memory, unverified)',
    'Mellor-Crummey & Scott, TOCS 9(1), 1991 (the Butterfly, from memory, unverified)',
  ],
  factors: { preset: { summary: 'machine', values: NAMES, quick: NAMES } },
  parameters: {},
  chooses: ['nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode', 'storeBuffer'],
  columns: [
    { key: 'preset', summary: 'machine' },
    { key: 'level', summary: 'what is done to a line, and where it is' },
    { key: 'hops', summary: 'hops there and back, by way of the other cache if there is one' },
    { key: 'configured', summary: 'worked out from the timing table', unit: 'cycles' },
    { key: 'fastest', summary: 'the shortest that was measured', unit: 'cycles' },
    { key: 'slowest', summary: 'the longest that was measured', unit: 'cycles' },
    { key: 'probes', summary: 'accesses that were measured' },
  ],
  measure: probePreset,
  claims: CLAIMS,
  tables: [
    {
      title: 'Cycles of an access on an idle machine, by the hops there and back',
      down: ['preset', 'level'],
      across: { key: 'hops', show: 'slowest' },
    },
  ],
  figures: [
    {
      name: 'hops',
      title: 'Cycles of an access on an idle machine, by the hops that it takes',
      x: { key: 'hops', label: 'hops, there and back', scale: 'linear' },
      y: { key: 'slowest', label: 'cycles', scale: 'linear' },
      series: { key: 'level', label: 'level' },
      panelsAcross: 'preset',
      where: (row, rows) => DRAWN.includes(String(row['level'])) && hasDistances(row, rows),
    },
  ],
};
