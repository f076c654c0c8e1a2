import { describe, expect, test } from 'vitest';
import { DRAGON } from '../../../hw/coherence/dragon.ts';
import { MESI } from '../../../hw/coherence/mesi.ts';
import { ACTIONS, EVENTS, STATES } from '../../../hw/coherence/transition.ts';
import { ACTION, EVENT, Protocol, STATE } from '../../../hw/coherence/protocol.ts';

const rowsOf = (state: string, event: string) =>
  MESI.filter((row) => row.state === state && row.event === event);

describe.each([
  ['MESI', MESI],
  ['Dragon', DRAGON],
])('the %s table', (_, table) => {
  const states = STATES.filter((state) => table.some((row) => row.state === state || row.next === state));
  const events = EVENTS.filter(({ name }) => table.some((row) => row.event === name));
  for (const state of states) {
    test.each(events)(`answers ${state} × $name once, and says why`, ({ name }) => {
      const rows = table.filter((row) => row.state === state && row.event === name);
      expect(rows).toHaveLength(1);
      expect(rows[0]?.why).toMatch(/^[A-Z].*\.$/);
    });
  }
});

test('every event and action is described, and used by a protocol', () => {
  for (const { summary } of [...EVENTS, ...ACTIONS]) expect(summary).toMatch(/^[A-Z].*\.$/);
  const rows = [...MESI, ...DRAGON];
  expect(new Set(rows.map((row) => row.action))).toEqual(new Set(ACTIONS.map((action) => action.name)));
  expect(new Set(rows.map((row) => row.event))).toEqual(new Set(EVENTS.map((event) => event.name)));
});

describe('the MESI table', () => {
  test('lets a dirty line go in no way but with its data', () => {
    const leaving = MESI.filter((row) => row.state === 'M' && row.next !== 'M');
    expect(leaving.map((row) => row.action)).toEqual(['writeBack', 'supply', 'handOver']);
  });

  test('reaches M by a store and by nothing else', () => {
    const entering = MESI.filter((row) => row.next === 'M' && row.state !== 'M');
    expect(new Set(entering.map((row) => row.event))).toEqual(new Set(['store']));
  });

  test('leaves no copy where another core has written, and no sole copy where another has read', () => {
    for (const row of MESI) {
      if (row.event === 'remoteStore') expect(row.next).toBe('I');
      if (row.event === 'remoteLoad') expect(['I', 'S']).toContain(row.next);
    }
  });
});

describe('a compiled protocol', () => {
  test('says what its table says', () => {
    const protocol = new Protocol(MESI);
    for (const row of MESI) {
      expect(protocol.nextOf(STATE[row.state], EVENT[row.event])).toBe(STATE[row.next]);
      expect(protocol.actionOf(STATE[row.state], EVENT[row.event])).toBe(ACTION[row.action]);
    }
  });

  test('refuses a table with a gap', () => {
    expect(() => new Protocol(MESI.filter((row) => !(row.state === 'S' && row.event === 'evict')))).toThrow(
      'S × evict is not answered',
    );
  });

  test('refuses a table that answers twice', () => {
    expect(() => new Protocol([...MESI, ...rowsOf('E', 'store')])).toThrow('E × store is answered twice');
  });
});
