/** The experiment `domain-caching`: from which amount of data on it pays that a call changes places with an idle hart. */
import { below } from '../framework/band.ts';
import type { Cell, Claim, Experiment, Row, Settings } from '../framework/experiment.ts';
import { figure } from '../framework/rows.ts';
import { recordStretches } from '../ppc/place-events.ts';
import { countExchanges } from './measure.ts';
import { finishRpc, prepareRpc } from './rpc-run.ts';

const WAYS = { off: 'lrpc', on: 'lrpc-mp' } as const;
const MACHINES = ['firefly', 'smp'] as const;
const SIZES = [1024, 8192, 16_384, 24_576, 32_768, 49_152] as const;

function measure(cell: Cell, settings: Settings): Row {
  const calls = settings.parameters['calls'] as number;
  const machine = prepareRpc(
    {
      machine: cell['machine'] as string,
      harts: 2,
      way: WAYS[cell['caching'] as keyof typeof WAYS],
      procedure: 'browse',
      calls,
      clients: 1,
      touch: cell['bytes'] as number,
    },
    settings,
  );
  const whole = recordStretches(machine, 'begin', 'end');
  const exchanges = countExchanges(machine);
  finishRpc(machine);
  const { begin, end } = whole[0] ?? { begin: 0, end: Number.NaN };
  return { perRound: (end - begin) / calls, exchanges: exchanges() / calls };
}

const ratio = (rows: readonly Row[], machine: string, bytes: number): number =>
  figure(rows, 'perRound', { machine, caching: 'on', bytes }) /
  figure(rows, 'perRound', { machine, caching: 'off', bytes });

const pays = (machine: (typeof MACHINES)[number]): Claim => ({
  id: `pays-${machine}`,
  text: `With more data than one cache holds for both sides a call is faster if it changes places: the best proportion, ${machine}.`,
  source: 'Bershad et al., TOCS 1990, section 3.4, of TLBs; here of caches',
  paper: null,
  band: below(1),
  measured: (rows) => {
    const all = SIZES.filter((bytes) => rows.some((row) => row['bytes'] === bytes)).map((bytes) => ({
      bytes,
      value: ratio(rows, machine, bytes),
    }));
    return {
      value: Math.min(...all.map(({ value }) => value)),
      note: all.map(({ bytes, value }) => `${bytes / 1024} KiB: ${value.toFixed(2)}`).join(', '),
    };
  },
});

export const domainCaching: Experiment = {
  id: 'domain-caching',
  summary:
    'A call that changes places with an idle hart, and one that does not, by the data that both sides use.',
  question:
    'An exchange of harts costs more than a null call. From which amount of data on is it worth while that client and ' +
    'server each keep a cache of their own?',
  sources: [
    'Bershad, Anderson, Lazowska & Levy, Lightweight Remote Procedure Call, TOCS 8(1), 1990, section 3.4',
  ],
  factors: {
    machine: { summary: 'preset', values: MACHINES, quick: ['smp'] },
    caching: { summary: 'domain caching', values: Object.keys(WAYS), quick: Object.keys(WAYS) },
    bytes: {
      summary: 'bytes that the server reads in each call, and the client after it',
      values: SIZES,
      quick: [1024, 24_576],
      range: { min: 64, max: 65_536 },
    },
  },
  parameters: { calls: { summary: 'calls that are measured', default: 40, quick: 15, min: 10, max: 10_000 } },
  chooses: ['nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode'],
  columns: [
    { key: 'machine', summary: 'preset' },
    { key: 'caching', summary: 'domain caching' },
    { key: 'bytes', summary: 'bytes that each side reads' },
    { key: 'perRound', summary: 'a call, and the client’s reading', unit: 'cycles', digits: 0 },
    { key: 'exchanges', summary: 'changes of places in a call', digits: 2 },
  ],
  measure,
  claims: MACHINES.map(pays),
  tables: [
    {
      title: 'Cycles of a call and of the client’s reading',
      down: ['machine', 'caching'],
      across: { key: 'bytes', show: 'perRound' },
    },
  ],
  figures: [
    {
      name: 'rounds',
      title: 'A call, and reading, by the data that each side reads',
      x: { key: 'bytes', label: 'bytes', scale: 'linear' },
      y: { key: 'perRound', label: 'cycles', scale: 'linear' },
      series: { key: 'caching', label: 'domain caching' },
      panelsAcross: 'machine',
    },
  ],
};
