/** `eddy trace`: every fault's steps, properly nested, with cycles and counts that add up. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Span } from '../../../lab/trace/span.ts';
import { eddy, eddyJson } from '../captured-host.ts';

interface Document {
  readonly program: string;
  readonly count: number;
  readonly ok: boolean;
  readonly spans: readonly Span[];
}

/** A span and all below it. */
const all = (span: Span): Span[] => [span, ...span.children.flatMap(all)];
const names = (span: Span): string[] => all(span).map(({ name }) => name);

function expectNested(span: Span): void {
  expect(span.end).toBeGreaterThanOrEqual(span.start);
  let before = span.start;
  for (const child of span.children) {
    expect(child.start, `${child.name} in ${span.name}`).toBeGreaterThanOrEqual(before);
    expect(child.end, `${child.name} in ${span.name}`).toBeLessThanOrEqual(span.end);
    before = child.end;
    expectNested(child);
  }
}

function expectCountersAddUp(span: Span): void {
  for (const [name, total] of Object.entries(span.counters)) {
    const below = span.children.reduce((sum, child) => sum + (child.counters[name] ?? 0), 0);
    expect(total, `${name} of ${span.name}`).toBe(below + (span.self[name] ?? 0));
  }
  for (const child of span.children) expectCountersAddUp(child);
}

describe('the faults of a run', () => {
  test('each go from TLB miss to the retried walk', async () => {
    const { spans, count, ok, status } = await eddyJson<Document>('trace', 'fault', '--set', 'pages=6');
    expect({ ok, status }).toEqual({ ok: true, status: 0 });
    expect(spans.length).toBe(count);
    expect(spans.length).toBeGreaterThanOrEqual(6);
    for (const span of spans) {
      expect(span).toMatchObject({
        kind: 'fault',
        name: 'page fault',
        outcome: 'mapped',
        node: expect.any(Number) as number,
      });
      expect(span.address).toMatch(/^0x[0-9a-f]{8}$/);
      expect(['load', 'store']).toContain(span.access);
      expect(span.thread).toBeGreaterThan(0);
      const top = span.children.map(({ name }) => name);
      expect(top).toEqual([
        'TLB miss',
        'page-table walk',
        'trap',
        'page fault handler',
        'return',
        'retried walk',
      ]);
    }
  });

  test('of new anonymous pages take a frame, zero it and map it', async () => {
    const { spans } = await eddyJson<Document>('trace', 'fault', '--set', 'pages=4');
    const zeroed = spans.filter((span) => names(span).includes('zero fill'));
    expect(zeroed.length).toBeGreaterThanOrEqual(4);
    for (const span of zeroed) {
      expect(names(span)).toEqual(
        expect.arrayContaining([
          'Process.handleFault',
          'Region.handleFault',
          'FCM.getPage',
          'DSM.allocate',
          'HAT.map',
        ]),
      );
    }
  });

  test('of pages on disk wait for the disk, off the hart and uncharged', async () => {
    const { spans } = await eddyJson<Document>('trace', 'fault', '--set', 'pages=4', '--set', 'backing=disk');
    const waits = spans.flatMap(all).filter(({ kind }) => kind === 'wait');
    expect(waits.length).toBe(4);
    for (const wait of waits) {
      expect(wait.end - wait.start).toBeGreaterThan(500);
      expect(wait.counters).toEqual({});
    }
  });

  test('count their misses and lines', async () => {
    const { spans } = await eddyJson<Document>('trace', 'fault', '--set', 'pages=2');
    const zero = spans.flatMap(all).find(({ name }) => name === 'zero fill');
    expect(zero?.counters['instructions']).toBeGreaterThanOrEqual(64);
    expect((zero?.counters['l1Misses'] ?? 0) + (zero?.counters['l1Hits'] ?? 0)).toBeGreaterThanOrEqual(64);
    expect(spans[0]?.counters).toMatchObject({ traps: 1, pageFaults: 1 });
  });
});

test('spans nest and add up, on any machine and with any interleaving', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('cc-numa', 'smp'),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(1000),
      fc.constantFrom('fault', 'syscall', 'interrupt', 'kernel'),
      fc.constantFrom(
        ['tour'],
        [
          'fault',
          '--set',
          'threads=6',
          '--set',
          'pages=3',
          '--set',
          'sharing=shared',
          '--set',
          'backing=disk',
        ],
      ),
      async (machine, harts, seed, kind, program) => {
        const nodes = machine === 'smp' || harts % 2 === 1 ? 1 : 2;
        const machineArgs = [
          '--machine',
          machine,
          '--harts',
          `${harts}`,
          '--nodes',
          `${nodes}`,
          '--seed',
          `${seed}`,
          '--set',
          'kernel.slice=2000',
        ];
        const { spans } = await eddyJson<Document>('trace', ...program, ...machineArgs, '--kind', kind);
        for (const span of spans) {
          expect(span.kind).toBe(kind);
          expectNested(span);
          expectCountersAddUp(span);
        }
      },
    ),
    { numRuns: process.env['EDDY_DEEP'] ? 100 : 12 },
  );
});

test('system calls are named', async () => {
  const { spans } = await eddyJson<Document>('trace', 'tour', '--kind', 'syscall');
  const found = new Set(spans.map(({ name }) => name));
  for (const name of ['mmap', 'threadSpawn', 'threadJoin', 'consoleWrite', 'exit'])
    expect(found).toContain(name);
  expect(spans.find(({ name }) => name === 'exit')?.outcome).not.toBe('returned');
});

test('--limit keeps the first, the sums count all', async () => {
  const { spans, count } = await eddyJson<Document>('trace', 'fault', '--set', 'pages=8', '--limit', '2');
  expect(spans).toHaveLength(2);
  expect(count).toBeGreaterThan(8);
  const drawn = await eddy('trace', 'fault', '--set', 'pages=8');
  expect(drawn.output).toContain(`── 3 of ${count} (fault) ─`);
  expect(drawn.output).toContain('mean cycles of each step');
  for (const line of drawn.output.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
});

test('a kind of which there is nothing says so', async () => {
  const { status, output } = await eddy('trace', 'hello', '--kind', 'exception');
  expect(status).toBe(0);
  expect(output).toMatch(/hello: no exception in this run|exception/);
});
