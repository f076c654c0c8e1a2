/** `eddy run`: the document that courses grade with, and trace files that are the same to the byte. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { COUNTERS } from '../../../hw/counters.ts';
import type { RunResult } from '../../../lab/run/result.ts';
import { eddy, eddyJson } from '../captured-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'eddy-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the document', () => {
  test('has the fields of the contract', async () => {
    const result = await eddyJson<RunResult>('run', 'hello', '--harts', '4', '--seed', '7');
    expect(result).toMatchObject({
      program: 'hello',
      machine: 'cc-numa',
      harts: 4,
      nodes: 1,
      seed: 7,
      ok: true,
      exit: { status: 0 },
    });
    expect(result.output).toEqual(['hello from hart 0 of 4, node 0']);
    expect(result.cycles).toBeGreaterThan(0);
    expect(result.instructions).toBe(result.counters['instructions']);
    expect(Object.keys(result.counters)).toEqual(COUNTERS.map(({ name }) => name));
    expect(result.perHart).toHaveLength(4);
    const instructions = result.perHart.reduce((sum, hart) => sum + (hart['instructions'] as number), 0);
    expect(instructions).toBe(result.instructions);
    expect(result.checks).toEqual([]);
    expect(result.hostSeconds).toBeGreaterThan(0);
    expect(result.status).toBe(0);
  });

  test.each(['cc-numa', 'smp'])('of tour says that every sum is right on %s', async (machine) => {
    const result = await eddyJson<RunResult>('run', 'tour', '--machine', machine, '--harts', '4');
    expect(result.ok).toBe(true);
    expect(result.checks.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['memory', 'mcs', 'futex-mutex']),
    );
    expect(result.checks.every(({ ok }) => ok)).toBe(true);
  });

  test('of a run without a kernel', async () => {
    const result = await eddyJson<RunResult>('run', 'tour', '--bare', '--harts', '3', '--nodes', '1');
    expect(result).toMatchObject({ bare: true, ok: true, harts: 3, exit: { kind: 'finished' } });
  });

  test('settings reach the machine and the program', async () => {
    const result = await eddyJson<RunResult>(
      'run',
      'fault',
      '--set',
      'pages=5',
      '--set',
      'l1.size=4k',
      '--set',
      'kernel.slice=5000',
    );
    expect(result.checks).toMatchObject([
      { id: 'pages', ok: true, detail: '5 of 5 pages kept what was written' },
    ]);
  });
});

describe('a budget that runs out', () => {
  test.each([
    ['--max-steps', 'steps'],
    ['--max-cycles', 'cycles'],
  ])('%s ends with status 4', async (option, what) => {
    const { status, errors } = await eddy('run', 'hello', option, '1000');
    expect(status).toBe(4);
    expect(errors).toBe(`eddy: hello did not end within 1,000 ${what} (${option})\n`);
  });
});

describe('trace files', () => {
  async function traced(name: string, ...args: string[]): Promise<Buffer> {
    const file = join(folder, name);
    expect(
      (await eddy('run', 'tour', '--harts', '4', '--show', 'none', '--trace', file, ...args)).status,
    ).toBe(0);
    return readFileSync(file);
  }

  test('of two runs with one seed are the same to the byte', async () => {
    const first = await traced('first');
    const second = await traced('second');
    expect(first.equals(second)).toBe(true);
    const [header, ...events] = first.toString().trimEnd().split('\n');
    expect(JSON.parse(header as string)).toEqual({
      kind: 'run',
      program: 'tour',
      machine: 'cc-numa',
      nodes: 1,
      seed: 1,
      bare: false,
    });
    expect(events.length).toBeGreaterThan(1000);
    for (const line of events.slice(0, 50)) expect(JSON.parse(line)).toHaveProperty('cycle');
  });

  test('of another seed show another interleaving', async () => {
    const [first, second] = [await traced('seed-1'), await traced('seed-2', '--seed', '2')];
    const events = (bytes: Buffer): string => bytes.toString().split('\n').slice(1).join('\n');
    expect(events(first)).not.toBe(events(second));
  });
});

describe('a guided run', () => {
  test('shows machine, boot, output, a page fault, cycles and checks in 80 columns without colours', async () => {
    const { status, output } = await eddy('run', 'tour', '--harts', '16');
    expect(status).toBe(0);
    for (const part of [
      'the machine',
      'the kernel boots',
      'tour says',
      'one page fault, step by step',
      'where the cycles went',
      'checks',
    ]) {
      expect(output).toContain(`── ${part} ─`);
    }
    for (const step of [
      'TLB miss',
      'page-table walk',
      'Region.handleFault',
      'FCM.getPage',
      'DSM.allocate',
      'HAT.map',
      'return',
    ]) {
      expect(output).toContain(step);
    }
    expect(output).not.toContain('\u001b');
    for (const line of output.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});

test('a thousand harts on one bus keep nobody waiting: drawn for people, the run ends by its budget', async () => {
  const { status } = await eddy(
    'run',
    'tour',
    '--machine',
    'smp',
    '--harts',
    '1024',
    '--max-steps',
    '400000',
  );
  expect(status).toBe(4);
}, 60_000);
