/** What the LRPC paper says of calls, and how the rows tell. Bands were laid down before anything was measured. */
import { atLeast, atMost, below, between, exactly } from '../framework/band.ts';
import type { Claim, Finding, Row } from '../framework/experiment.ts';
import { figure, pick } from '../framework/rows.ts';

const PAPER = 'Bershad et al., TOCS 1990';

const nullCall = (rows: readonly Row[], mechanism: string, key: string, tlb = 'untagged'): number =>
  figure(rows, key, { mechanism, procedure: 'null', tlb });

const copies = (mechanism: string, procedure: string, wanted: number): Claim => ({
  id: `L3-${mechanism}-${procedure}`,
  text: `Copies of a call and its return, ${mechanism}, ${procedure === 'immutable' ? 'an immutable argument' : 'a block in and out'}.`,
  source: `${PAPER}, table III; the letters are those of what was executed`,
  paper: { value: wanted, tag: 'M+' },
  band: exactly(wanted),
  measured: (rows) => ({
    value: figure(rows, 'copies', { mechanism, procedure, tlb: 'untagged' }),
    note: String(pick(rows, { mechanism, procedure, tlb: 'untagged' })[0]?.['letters']),
  }),
});

/** Table IV, LRPC/MP in proportion to LRPC. */
const EXCHANGED = { null: 0.8, add: 0.79, bigIn: 0.9, bigInOut: 0.97 } as const;

/** How many times as long as without it a call takes that changes places with an idle hart; undefined if not measured. */
function exchanged(rows: readonly Row[], procedure: string): number | undefined {
  const of = (mechanism: string): number | undefined => {
    const row = rows.find(
      (one) => one['mechanism'] === mechanism && one['procedure'] === procedure && one['tlb'] === 'untagged',
    );
    return row === undefined ? undefined : Number(row['perCall']);
  };
  const [one, other] = [of('lrpc-mp'), of('lrpc')];
  return one === undefined || other === undefined ? undefined : one / other;
}

/** Parts of a serial null call, in per cent. */
function shares(rows: readonly Row[], tlb: string): Record<'traps' | 'walks' | 'stubs' | 'kernel', number> {
  const of = (key: string): number => nullCall(rows, 'lrpc', key, tlb);
  const all = of('traps') + of('walks') + of('stubs') + of('kernel');
  const part = (key: string): number => (100 * of(key)) / all;
  return { traps: part('traps'), walks: part('walks'), stubs: part('stubs'), kernel: part('kernel') };
}

const listed = (parts: Readonly<Record<string, number>>): string =>
  Object.entries(parts)
    .map(([name, value]) => `${name} ${value.toFixed(0)} %`)
    .join(', ');

export const LATENCY_CLAIMS: readonly Claim[] = [
  {
    id: 'L1',
    text: 'A null call by messages takes so many times as long as by LRPC.',
    source: `${PAPER}, abstract: a factor of three; table IV, as reported by notes on the paper`,
    paper: { value: 2.96, tag: 'F2' },
    band: between(2.5, 3.5),
    measured: (rows): Finding => {
      const [one, other] = [nullCall(rows, 'message', 'perCall'), nullCall(rows, 'lrpc', 'perCall')];
      return { value: one / other, note: `${one.toFixed(0)} and ${other.toFixed(0)} cycles` };
    },
  },
  {
    id: 'L2',
    text: 'A null call that changes places with a hart that idles in the server takes so many times as long as one that does not.',
    source: `${PAPER}, table IV, LRPC/MP and LRPC`,
    paper: { value: EXCHANGED.null, tag: 'D' },
    band: between(0.7, 0.88),
    measured: (rows): Finding => {
      const one = nullCall(rows, 'lrpc-mp', 'perCall');
      const other = nullCall(rows, 'lrpc', 'perCall');
      const all = Object.entries(EXCHANGED)
        .map(([procedure, paper]) => ({ procedure, paper, ratio: exchanged(rows, procedure) }))
        .filter(({ ratio }) => ratio !== undefined)
        .map(({ procedure, paper, ratio }) => `${procedure} ${ratio?.toFixed(2)} (${paper})`);
      const often = nullCall(rows, 'lrpc-mp', 'exchanges').toFixed(2);
      return {
        value: one / other,
        note: `${one.toFixed(0)} and ${other.toFixed(0)} cycles, ${often} exchanges a call; and the paper’s: ${all.join(', ')}`,
      };
    },
  },
  copies('lrpc', 'bigInOut', 2),
  copies('lrpc', 'immutable', 3),
  copies('restricted', 'bigInOut', 5),
  copies('message', 'bigInOut', 7),
  {
    id: 'L4',
    text: 'What hardware alone needs (traps, page tables walked anew) has this share of a serial null LRPC, in per cent.',
    source: `${PAPER}, table V`,
    paper: { value: 69, tag: 'M+' },
    band: between(60, 78),
    measured: (rows) => {
      const parts = shares(rows, 'untagged');
      return { value: parts.traps + parts.walks, note: listed(parts) };
    },
  },
  {
    id: 'L4-largest',
    text: 'The switch of address spaces is the largest item: cycles of walks / of the largest other part.',
    source: `${PAPER}, table V`,
    paper: { value: 1.83, tag: 'D' },
    band: atLeast(1),
    measured: (rows) => {
      const { walks, ...others } = shares(rows, 'untagged');
      return walks / Math.max(...Object.values(others));
    },
  },
  {
    id: 'L9',
    text: 'TLB misses have this share of a null LRPC when a switch flushes the TLB, in per cent.',
    source: PAPER,
    paper: { value: 25, tag: 'M' },
    band: between(15, 35),
    measured: (rows) => ({
      value: shares(rows, 'untagged').walks,
      note: `${nullCall(rows, 'lrpc', 'tlbMisses').toFixed(1)} misses a call`,
    }),
  },
  {
    id: 'L9-tags',
    text: 'With address-space numbers it is at most half of that: cycles of walks, tagged / untagged.',
    source: PAPER,
    paper: null,
    band: atMost(0.5),
    measured: (rows) => nullCall(rows, 'lrpc', 'walks', 'tagged') / nullCall(rows, 'lrpc', 'walks'),
  },
  {
    id: 'binding-pays',
    text: 'Binding is paid once: after so many null calls, LRPC with its dearer binding has taken no longer than messages.',
    source: 'CS6210 notes, Lesson 4: binding is amortized over calls',
    paper: null,
    band: below(1000),
    measured: (rows): Finding => {
      const of = (mechanism: string, key: string): number => nullCall(rows, mechanism, key);
      const more = of('lrpc', 'bind') - of('message', 'bind');
      return {
        value: Math.max(0, more / (of('message', 'perCall') - of('lrpc', 'perCall'))),
        note: `binding: ${of('lrpc', 'bind').toFixed(0)} and ${of('message', 'bind').toFixed(0)} cycles`,
      };
    },
  },
];

/** That of the paper. */
const MACHINE = 'firefly';

const throughput = (rows: readonly Row[], system: string, clients: number): number =>
  figure(rows, 'throughput', { machine: MACHINE, system, clients });

const ratio = (
  id: string,
  text: string,
  paper: number,
  band: Claim['band'],
  of: readonly [string, number],
  to: readonly [string, number],
): Claim => ({
  id,
  text,
  source: `${PAPER}, figure 2`,
  paper: { value: paper, tag: 'M+' },
  band,
  measured: (rows) => {
    const [one, other] = [throughput(rows, ...of), throughput(rows, ...to)];
    return {
      value: one / other,
      note: `${one.toFixed(0)} and ${other.toFixed(0)} calls in a million cycles`,
    };
  },
});

export const THROUGHPUT_CLAIMS: readonly Claim[] = [
  ratio('L5', 'LRPC, calls of 4 threads / of 1.', 3.7, atLeast(3.3), ['lrpc', 4], ['lrpc', 1]),
  ratio(
    'L6-2',
    'The baseline, calls of 2 threads / of 1.',
    1.86,
    between(1.6, 2),
    ['baseline', 2],
    ['baseline', 1],
  ),
  ratio(
    'L6-4',
    'The baseline is saturated: calls of 4 threads / of 2.',
    1,
    atMost(1.1),
    ['baseline', 4],
    ['baseline', 2],
  ),
  ratio('L7', 'LRPC / baseline, 4 threads.', 5.75, between(4.5, 7), ['lrpc', 4], ['baseline', 4]),
  {
    id: 'L8',
    text: 'Time of a call under the lock of the free A-stacks, 4 threads, in per cent.',
    source: PAPER,
    paper: { value: '< 2', tag: 'M+' },
    band: below(3),
    measured: (rows) => figure(rows, 'underLock', { machine: MACHINE, system: 'lrpc', clients: 4 }),
  },
];
