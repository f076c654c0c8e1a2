/** `eddy run --report memory`: the document, the tables, and what it does not change. */
import { describe, expect, test } from 'vitest';
import { MISS_KINDS } from '../../../hw/cache/miss-kinds.ts';
import type { MemoryReport } from '../../../lab/report/memory-report.ts';
import type { RunResult } from '../../../lab/run/result.ts';
import { drawMemory } from '../../../lab/view/memory-tables.ts';
import { CapturedHost, eddy, eddyJson } from '../captured-host.ts';

const kinds = (of: Readonly<Record<string, number>>): number =>
  MISS_KINDS.reduce((sum, { name }) => sum + (of[name] ?? 0), 0);

describe('the document', () => {
  test('of tour has misses that add up, traffic, and hot lines with names', async () => {
    const args = ['run', 'tour', '--harts', '8'];
    const plain = await eddyJson<RunResult>(...args);
    const result = await eddyJson<RunResult>(...args, '--report', 'memory');
    expect(plain.report).toBeUndefined();
    expect(result.status).toBe(0);
    const memory = result.report?.memory as MemoryReport;
    const { misses, fills, traffic, hotLines } = memory;
    expect(misses.total).toBe(result.counters['l1Misses']);
    expect(kinds(misses)).toBe(misses.total);
    expect(fills.local + fills.remote + fills.cache + fills.l2).toBe(misses.total);
    expect(traffic.map(({ name }) => name)).toEqual([
      'node 0 → node 1',
      'node 1 → node 0',
      'memory 0',
      'memory 1',
    ]);
    expect(hotLines).toHaveLength(10);
    for (const line of hotLines) {
      expect(kinds(line.byKind)).toBe(line.misses);
      expect(line.name).toMatch(/^(process|hart|node|FCM|HAT|region|page|kernel|root|DSM) ?/);
      expect(line.cores.length).toBeGreaterThan(0);
    }
    // The test-and-set lock, on which all harts spin, in the program's first mapping.
    expect(hotLines[0]).toMatchObject({ writers: [0, 1, 2, 3, 4, 5, 6, 7] });
    expect(hotLines[0]?.name).toMatch(/^process 1 user page 0x00010000/);
    // Nothing else has changed.
    const { coldMisses: _, ...before } = plain.counters;
    for (const [name, value] of Object.entries(before)) {
      if (!MISS_KINDS.some(({ counter }) => counter === name))
        expect(result.counters[name], name).toBe(value);
    }
    expect(result.cycles).toBe(plain.cycles);
    expect(result.output).toEqual(plain.output);
  });

  test('of threads that fault on the same pages names the kernel structures that they fight for', async () => {
    const set = ['--set', 'threads=8', '--set', 'sharing=shared'];
    const result = await eddyJson<RunResult>('run', 'fault', '--report', 'memory,memory', ...set);
    const memory = result.report?.memory as MemoryReport;
    expect(memory.misses.falseSharing).toBeGreaterThan(100);
    const [hottest] = memory.hotLines;
    expect(hottest?.name).toMatch(/^(FCM|HAT|region|process) /);
    expect(hottest?.writers).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('without a kernel has addresses for names', async () => {
    const result = await eddyJson<RunResult>('run', 'tour', '--bare', '--harts', '4', '--report', 'memory');
    expect(result.report?.memory?.hotLines[0]?.name).toMatch(/^0x[0-9a-f]{8} in the memory of node 0$/);
  });

  test.each(['smp', 'dance-hall', 'ncc-numa', 'butterfly', 'firefly', 'amd16', 'cluster'])(
    'can be had on %s',
    async (machine) => {
      const args = ['run', 'hello', '--machine', machine, '--harts', '4', '--report', 'memory'];
      const result = await eddyJson<RunResult>(...args);
      expect(result.status).toBe(0);
      const memory = result.report?.memory as MemoryReport;
      expect(kinds(memory.misses)).toBe(result.counters['l1Misses']);
      expect(memory.traffic.length).toBeGreaterThan(0);
    },
  );

  test('can be had of a run that did not end well', async () => {
    const args = ['run', 'tour', '--max-steps', '20000', '--report', 'memory'];
    const result = await eddyJson<RunResult>(...args);
    expect(result.status).toBe(4);
    expect(result.report?.memory?.misses.total).toBeGreaterThan(0);
  });
});

describe('on the command line', () => {
  test('the tables follow the output and fit 80 columns', async () => {
    const { status, output } = await eddy('run', 'tour', '--show', 'none', '--report', 'memory');
    expect(status).toBe(0);
    const lines = output.split('\n');
    expect(lines[0]).toMatch(/^tour: /);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    for (const title of [
      'why accesses missed',
      'where the lines came from',
      'traffic',
      'the hottest lines',
    ]) {
      expect(output).toContain(`── ${title} ─`);
    }
    expect(output).not.toContain('\u001b');
  });

  test('an unknown kind is refused with the nearest', async () => {
    expect(await eddy('run', 'hello', '--report', 'memroy')).toEqual({
      status: 2,
      output: '',
      errors: "eddy: unknown report 'memroy'; did you mean 'memory'?\n",
    });
    expect((await eddy('run', 'hello', '--report', 'memory,')).status).toBe(2);
  });
});

const REPORT: MemoryReport = {
  misses: { total: 2000, cold: 200, capacity: 0, conflict: 100, trueSharing: 700, falseSharing: 1000 },
  fills: {
    l2: 0,
    local: 300,
    remote: 100,
    cache: 1600,
    lastLevel: 0,
    uncached: 0,
    upgrades: 12,
    updates: 0,
    writebacks: 5,
  },
  traffic: [
    {
      kind: 'link',
      name: 'node 0 → node 1',
      from: 0,
      to: 1,
      transactions: 400,
      busyCycles: 1600,
      waitingCycles: 0,
    },
    { kind: 'module', name: 'memory 0', transactions: 2005, busyCycles: 32_080, waitingCycles: 12_345 },
  ],
  hotLines: [
    {
      address: 0x1_0000,
      word: 0x1_0004,
      name: 'process 1 user page 0x00010000 + 0x4',
      misses: 1500,
      byKind: { cold: 8, capacity: 0, conflict: 0, trueSharing: 500, falseSharing: 992 },
      invalidations: 1492,
      cores: [0, 1, 2, 3, 7],
      writers: [0, 1, 2, 3, 7],
    },
    {
      address: 0x4000,
      word: 0x4000,
      name: 'a name that is so long that it cannot stand beside its number in a single line of eighty',
      misses: 1,
      byKind: { cold: 1, capacity: 0, conflict: 0, trueSharing: 0, falseSharing: 0 },
      invalidations: 0,
      cores: [5],
      writers: [],
    },
  ],
};

test('the drawing', () => {
  expect(drawMemory(REPORT, 100_000, 1, new CapturedHost())).toMatchInlineSnapshot(`
    "
    ── why accesses missed ─────────────────────────────────────────────────────────
    ┌────────────────────┬───────┬───────┬──────────────┐
    │ first-level misses │ count │ share │              │
    │ cold               │   200 │   10% │ ██▍          │
    │ capacity           │     0 │    0% │              │
    │ conflict           │   100 │    5% │ █▎           │
    │ true sharing       │   700 │   35% │ ████████▍    │
    │ false sharing      │ 1,000 │   50% │ ████████████ │
    │ all                │ 2,000 │  100% │              │
    └────────────────────┴───────┴───────┴──────────────┘

    ── where the lines came from ───────────────────────────────────────────────────
    ┌───────────────────────────────────────────┬───────┐
    │ source                                    │ count │
    │ memory of the own node                    │   300 │
    │ memory of another node                    │   100 │
    │ another core’s cache                      │ 1,600 │
    │ none: writes that took over a shared line │    12 │
    │ none: dirty lines that went home          │     5 │
    └───────────────────────────────────────────┴───────┘

    ── traffic ─────────────────────────────────────────────────────────────────────
    ┌─────────────────┬──────────────┬──────┬───────────────┬──────┐
    │ part            │ transactions │ busy │ cycles waited │ each │
    │ memory 0        │        2,005 │  32% │        12,345 │  6.2 │
    │ node 0 → node 1 │          400 │   2% │             0 │  0.0 │
    └─────────────────┴──────────────┴──────┴───────────────┴──────┘

    ── the hottest lines ───────────────────────────────────────────────────────────
     1  process 1 user page 0x00010000 + 0x4                            1,500 misses
        66% false sharing, 33% true sharing; 1,492 lost; written by harts 0-3, 7
     2  a name that is so long that it cannot stand beside its number in a s… 1 miss
        100% cold; used by hart 5
    "
  `);
});
