/** What Mellor-Crummey & Scott and the notes say about barriers, and how the rows tell. */
import { above, atLeast, atMost, between, exactly } from '../framework/band.ts';
import type { Claim, Finding, Row } from '../framework/experiment.ts';
import { figure, largest, numberIn, pick, valuesOf, type Where } from '../framework/rows.ts';

const MCS91 = 'Mellor-Crummey & Scott, TOCS 1991';
const NOTES = 'CS6210 notes, as found in lecture notes of the course';
/** Barriers of one central counter. */
const COUNTERS = ['counting', 'sense-reversing'];
const BUTTERFLY: Where = { machine: 'butterfly' };
const CLUSTER: Where = { machine: 'cluster' };
const BY_MESSAGES = { where: CLUSTER, what: 'On a cluster', unit: 'messages' };

/** Remote references of an episode, or its messages, as a formula of the number of participants. */
const exactCount = (
  barrier: string,
  formula: string,
  count: (harts: number) => number,
  { where = BUTTERFLY, what = 'Without coherent caches', unit = 'remote references' } = {},
): Claim => ({
  id: `M7-${barrier}`,
  text: `${what} an episode of ${barrier} makes ${formula} ${unit}: numbers of harts with another count.`,
  source: MCS91,
  paper: { value: formula, tag: barrier.startsWith('dissemination') ? 'F' : 'M+' },
  band: exactly(0),
  measured: (rows) => {
    const found = pick(rows, { ...where, barrier }).map(
      (row) => [numberIn(row, 'harts'), numberIn(row, 'remote')] as const,
    );
    return {
      value: found.filter(([harts, remote]) => remote !== count(harts)).length,
      note: found.map(([harts, remote]) => `${harts}: ${remote}`).join(', '),
    };
  },
});

/** No atomic instructions at all. */
const withoutAtomics = (barrier: string): Claim => ({
  id: `rmw-${barrier}`,
  text: `A ${barrier} barrier needs no read-modify-write: how many there were, all machines.`,
  source: NOTES,
  paper: { value: 0, tag: 'F' },
  band: exactly(0),
  measured: (rows) => pick(rows, { barrier }).reduce((sum, row) => sum + numberIn(row, 'atomics'), 0),
});

/** Times of all barriers on a machine with so many harts, the quickest first. */
function ranking(
  rows: readonly Row[],
  machine: string,
  harts: number,
): readonly (readonly [string, number])[] {
  return pick(rows, { machine, harts })
    .map((row) => [String(row['barrier']), numberIn(row, 'perEpisode')] as const)
    .toSorted(([, left], [, right]) => left - right);
}

const listed = (ranks: readonly (readonly [string, number])[]): string =>
  ranks.map(([barrier, time]) => `${barrier} ${time.toFixed(0)}`).join(', ');

/** How many times as many messages 64 harts send as 8, over what is expected. */
function grown(rows: readonly Row[], barrier: string, expected: number): Finding {
  const at = (harts: number): number => figure(rows, 'remote', { ...BUTTERFLY, barrier, harts });
  return { value: at(64) / at(8) / expected, note: `${at(8)} messages with 8 harts, ${at(64)} with 64` };
}

export const CLAIMS: readonly Claim[] = [
  exactCount('dissemination', 'P ⌈log2 P⌉', (harts) => harts * Math.ceil(Math.log2(harts))),
  exactCount('tournament', '2P − 2', (harts) => 2 * harts - 2),
  exactCount('mcs-tree', '2P − 2', (harts) => 2 * harts - 2),
  exactCount(
    'dissemination-messages',
    'P ⌈log2 P⌉',
    (harts) => harts * Math.ceil(Math.log2(harts)),
    BY_MESSAGES,
  ),
  exactCount('tournament-messages', '2P − 2', (harts) => 2 * harts - 2, BY_MESSAGES),
  {
    id: 'messages-path',
    text: 'By messages dissemination is quicker than the tournament, with more of them, since its way is half as long: tournament / dissemination, cycles, 64 nodes.',
    source: MCS91,
    paper: { value: '2 ⌈log2 P⌉ against ⌈log2 P⌉ steps', tag: 'M+' },
    band: above(1),
    measured: (rows) => {
      const at = (barrier: string): number =>
        figure(rows, 'perEpisode', { ...CLUSTER, harts: 64, barrier: `${barrier}-messages` });
      return {
        value: at('tournament') / at('dissemination'),
        note: `${at('tournament').toFixed(0)} and ${at('dissemination').toFixed(0)} cycles`,
      };
    },
  },
  {
    id: 'M8-fastest',
    text: 'Without coherent caches dissemination is the fastest: numbers of harts from 8 on at which another one is.',
    source: MCS91,
    paper: { value: 'dissemination', tag: 'M' },
    band: exactly(0),
    measured: (rows) => {
      const sizes = valuesOf(pick(rows, BUTTERFLY), 'harts')
        .map(Number)
        .filter((harts) => harts >= 8);
      const firsts = sizes.map((harts) => [harts, ranking(rows, 'butterfly', harts)] as const);
      const [last = 0, ranks = []] = firsts.at(-1) ?? [];
      return {
        value: firsts.filter(([, [first]]) => first?.[0] !== 'dissemination').length,
        note: `${last} harts: ${listed(ranks)}`,
      };
    },
  },
  {
    id: 'M8-ratio',
    text: 'Without coherent caches a central counter is far slower: sense-reversing / dissemination with 64 harts.',
    source: MCS91,
    paper: { value: 'grows linearly, far worse', tag: 'M' },
    band: atLeast(4),
    measured: (rows) => {
      const at = (barrier: string): number =>
        figure(rows, 'perEpisode', { ...BUTTERFLY, harts: 64, barrier });
      return at('sense-reversing') / at('dissemination');
    },
  },
  {
    id: 'M8-slowest',
    text: 'Without coherent caches a central counter is the slowest: barriers that are slower than both of them, 64 harts.',
    source: MCS91,
    paper: { value: 'counter and combining tree', tag: 'M' },
    band: exactly(0),
    measured: (rows) => {
      const ranks = ranking(rows, 'butterfly', 64);
      const slowest = Math.max(
        ...ranks.filter(([barrier]) => COUNTERS.includes(barrier)).map(([, time]) => time),
      );
      return { value: ranks.filter(([, time]) => time > slowest).length, note: listed(ranks.slice(-3)) };
    },
  },
  {
    id: 'arity',
    text: 'Four children arrive at one since a word has four bytes, and a flatter tree is quicker: MCS tree of arity 2 / of arity 4, 64 harts, Butterfly.',
    source: MCS91,
    paper: null,
    band: atLeast(1),
    measured: (rows) => {
      const at = (barrier: string): number =>
        figure(rows, 'perEpisode', { ...BUTTERFLY, harts: 64, barrier });
      return {
        value: at('mcs-tree-2') / at('mcs-tree'),
        note: `arity 2: ${at('mcs-tree-2').toFixed(0)}, 3: ${at('mcs-tree-3').toFixed(0)}, 4: ${at('mcs-tree').toFixed(0)} cycles`,
      };
    },
  },
  {
    id: 'M9-fastest',
    text: 'On a bus with coherent caches a central counter or the arrival tree with a flag is the fastest: numbers of harts at which another one is, Symmetry.',
    source: MCS91,
    paper: { value: 'counter, then tree with flag', tag: 'M' },
    band: exactly(0),
    measured: (rows) => {
      const firsts = valuesOf(pick(rows, { machine: 'symmetry' }), 'harts').map(
        (harts) => [Number(harts), ranking(rows, 'symmetry', Number(harts))[0]?.[0]] as const,
      );
      const named = ['counting', 'sense-reversing', 'mcs-tree-flag'];
      return {
        value: firsts.filter(([, first]) => !named.includes(first ?? '')).length,
        note: firsts.map(([harts, first]) => `${harts}: ${first}`).join(', '),
      };
    },
  },
  {
    id: 'M9-dissemination',
    text: 'There dissemination is not the fastest with the most harts, since each of its messages is a bus transaction: its place.',
    source: MCS91,
    paper: { value: 'loses', tag: 'M' },
    band: atLeast(2),
    measured: (rows) => {
      const ranks = ranking(rows, 'symmetry', largest(pick(rows, { machine: 'symmetry' }), 'harts'));
      return {
        value: ranks.findIndex(([barrier]) => barrier === 'dissemination') + 1,
        note: listed(ranks),
      };
    },
  },
  {
    id: 'tree-beats-tournament',
    text: 'On a bus the MCS barrier does better than the tournament: MCS tree with flag / tournament, most harts, Symmetry.',
    source: NOTES,
    paper: { value: 'MCS better', tag: 'F' },
    band: atMost(1),
    measured: (rows) => {
      const harts = largest(pick(rows, { machine: 'symmetry' }), 'harts');
      const at = (barrier: string, key = 'perEpisode'): number =>
        figure(rows, key, { machine: 'symmetry', harts, barrier });
      return {
        value: at('mcs-tree-flag') / at('tournament'),
        note: `transactions: ${at('mcs-tree-flag', 'transactions').toFixed(0)} and ${at('tournament', 'transactions').toFixed(0)}`,
      };
    },
  },
  withoutAtomics('tournament'),
  withoutAtomics('dissemination'),
  {
    id: 'log-communication',
    text: 'The notes say of tree and tournament barriers “total amount of communication is the same: O(log N)”. That is the length of the way; messages are 2N − 2: how many times as many 64 harts send as 8, over the ratio of their logarithms, tournament.',
    source: NOTES,
    paper: { value: 'O(log N)', tag: 'F' },
    band: atMost(1.5),
    measured: (rows) => grown(rows, 'tournament', 2),
  },
  {
    id: 'n-log-n-communication',
    text: 'The notes say of dissemination “communication complexity is O(N log N)”: how many times as many messages 64 harts send as 8, over the ratio of N log N.',
    source: NOTES,
    paper: { value: 'O(N log N)', tag: 'F' },
    band: between(0.9, 1.1),
    measured: (rows) => grown(rows, 'dissemination', 16),
  },
  {
    id: 'nobody-early',
    text: 'Nobody passes a barrier before all have arrived: how often somebody did, all barriers and machines.',
    source: MCS91,
    paper: null,
    band: exactly(0),
    measured: (rows) => rows.reduce((sum, row) => sum + numberIn(row, 'early'), 0),
  },
];
