import { DRAGON } from '../../hw/coherence/dragon.ts';
import { MESI } from '../../hw/coherence/mesi.ts';
import { ACTIONS, EVENTS, STATES, type Transition } from '../../hw/coherence/transition.ts';
import { code, page, table } from './markdown.ts';

/** What each state says of a line. */
const MEANINGS: Readonly<Record<(typeof STATES)[number], string>> = {
  I: 'Invalid: the line is not here.',
  S: 'Shared: others may hold it, too. Somebody else answers for the data: memory, or an owner in Sm.',
  E: 'Exclusive: nobody else holds it, and memory has the same data.',
  M: 'Modified: nobody else holds it, and memory is stale.',
  Sm: 'Shared modified: others may hold it, memory is stale, and this cache answers for the data.',
};

/** docs/reference/protocols.md: the coherence protocols, transition by transition. */
export function renderProtocols(): string {
  return page(
    'Coherence protocols',
    'A protocol is a table: for each state of a line and each event, the next state and what the cache does. The ' +
      'machine runs these very tables. `--coherence invalidate` is MESI, `--coherence update` is Dragon; with ' +
      '`--coherence none` there is no table, since nobody is told anything.',
    '## States',
    table(
      ['state', 'meaning'],
      STATES.map((state) => [code(state), MEANINGS[state]]),
    ),
    '## Events',
    table(
      ['event', 'when'],
      EVENTS.map(({ name, summary }) => [code(name), summary]),
    ),
    '## Actions',
    table(
      ['action', 'what the cache does'],
      ACTIONS.map(({ name, summary }) => [code(name), summary]),
    ),
    ...protocol('MESI', MESI),
    ...protocol('Dragon', DRAGON),
  );
}

/** A protocol at a glance, then row by row. */
function protocol(name: string, rows: readonly Transition[]): readonly string[] {
  const events = EVENTS.map((event) => event.name).filter((event) => rows.some((row) => row.event === event));
  const states = STATES.filter((state) => rows.some((row) => row.state === state));
  const answer = (state: string, event: string): string => {
    const row = rows.find((candidate) => candidate.state === state && candidate.event === event);
    if (row === undefined) return '–';
    return row.action === 'none' ? row.next : `${row.next}, ${row.action}`;
  };
  return [
    `## ${name}`,
    table(
      ['', ...events.map(code)],
      states.map((state) => [code(state), ...events.map((event) => answer(state, event))]),
    ),
    table(
      ['state', 'event', 'next', 'action', 'why'],
      rows.map(({ state, event, next, action, why }) => [code(state), code(event), code(next), action, why]),
    ),
  ];
}
