import { expect, test } from 'vitest';
import { KINDS } from '../../../lab/cli/commands/list.ts';
import { eddy, eddyJson } from '../captured-host.ts';

test.each(KINDS)('eddy list %s', async (kind) => {
  const { status, output } = await eddy('list', kind, '--json');
  expect(status).toBe(0);
  const entries = JSON.parse(output) as { id: string; summary: string }[];
  for (const { id, summary } of entries) {
    expect(id).not.toBe('');
    expect(summary).not.toBe('');
  }
});

test('eddy list programs names what eddy run takes', async () => {
  const entries = Object.values(await eddyJson<{ id: string }[]>('list', 'programs')).filter(
    (entry) => typeof entry === 'object',
  );
  expect(entries.map(({ id }) => id)).toEqual(expect.arrayContaining(['hello', 'tour', 'fault']));
});

test('a singular will do', async () => {
  expect((await eddy('list', 'machine')).output).toContain('cc-numa');
});

test('eddy list experiments names what eddy experiment takes', async () => {
  const { output } = await eddy('list', 'experiments');
  for (const id of ['coherence', 'scalability', 'latency-probe'])
    expect(output).toMatch(new RegExp(`^${id} `, 'm'));
});

test.each(KINDS)('eddy list %s fits the terminal', async (kind) => {
  for (const line of (await eddy('list', kind)).output.split('\n'))
    expect(line.length).toBeLessThanOrEqual(80);
});
