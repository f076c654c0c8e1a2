/** Every fault is seen as a tree of named steps, properly nested, from trap entry to return. */
import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { MAP, SYSCALLS } from '../../../kernel/abi/index.ts';
import { bootKernel, STEPS } from '../../../kernel/index.ts';
import { type Entry, sys } from '../run.ts';

interface Span {
  readonly name: string;
  readonly object: number;
  readonly children: Span[];
}

/** The spans of each context, by their roots. A return to user mode ends what is open in the handler. */
function spans(entry: Entry): Span[] {
  const machine = new Machine(presetConfig('cc-numa', { harts: 4 }));
  const roots: Span[] = [];
  const open = new Map<number, Span[]>();
  machine.trace.attach({
    event(event: TraceEvent) {
      if (event.kind === 'enter') {
        const span: Span = { name: STEPS[event.step]?.name ?? '?', object: event.object, children: [] };
        const stack = open.get(event.context) ?? [];
        (stack.at(-1)?.children ?? roots).push(span);
        open.set(event.context, [...stack, span]);
      } else if (event.kind === 'leave') {
        const stack = open.get(event.context) ?? [];
        expect(stack.at(-1)?.name).toBe(STEPS[event.step]?.name);
        open.set(event.context, stack.slice(0, -1));
      } else if (event.kind === 'return') {
        expect(open.get(event.handler) ?? []).toEqual([]);
      }
    },
  });
  bootKernel(machine, { entry });
  expect(machine.run()).toMatchObject({ kind: 'halted', status: 0 });
  return roots;
}

const outline = (span: Span): unknown =>
  span.children.length === 0 ? span.name : [span.name, ...span.children.map(outline)];

const SIDE_STEPS = new Set(['translation miss', 'global miss handler']);
const without = (span: Span): Span => ({
  ...span,
  children: span.children.filter(({ name }) => !SIDE_STEPS.has(name)).map(without),
});

function* faultsAnonymous(): Code<number> {
  const base = yield sys('mmap', 0, 3 * 4096, MAP.READ | MAP.WRITE, 0);
  yield store(base, 1);
  yield store(base + 4096, 1);
  return 0;
}

function* faultsDisk(): Code<number> {
  const base = yield sys('mmap', 0, 3 * 4096, MAP.READ | MAP.DISK, 8);
  yield load(base);
  yield load(base + 4096);
  return 0;
}

const lastFault = (roots: Span[]): unknown =>
  outline(without(roots.filter(({ name }) => name === 'page fault').at(-1) as Span));

describe('the steps of a page fault', () => {
  test('anonymous memory', () => {
    expect(lastFault(spans(faultsAnonymous))).toEqual([
      'page fault',
      'trap entry save',
      [
        'Process.handleFault',
        'Region lookup',
        ['Region.handleFault', ['FCM.getPage', 'DSM.allocate', 'zero fill'], 'HAT.map'],
      ],
      'return restore',
    ]);
  });

  test('a disk extent', () => {
    expect(lastFault(spans(faultsDisk))).toEqual([
      'page fault',
      'trap entry save',
      [
        'Process.handleFault',
        'Region lookup',
        ['Region.handleFault', ['FCM.getPage', 'DSM.allocate', ['COR.fill', 'disk read wait']], 'HAT.map'],
      ],
      'return restore',
    ]);
  });
});

test('the steps of a system call have its name', () => {
  const names = spans(faultsAnonymous).map(({ name }) => name);
  expect(names).toContain('mmap');
  expect(names).toContain('dispatcher switch');
});

test('the table of steps is complete: numbers, names, kinds, a sentence each', () => {
  for (const [index, row] of STEPS.entries()) {
    expect(row.id).toBe(index);
    expect(row.name).not.toBe('');
    expect(row.summary).toMatch(/\.$/);
  }
  expect(new Set(STEPS.map(({ name }) => name)).size).toBe(STEPS.length);
  for (const { name } of SYSCALLS) expect(STEPS.find((row) => row.name === name)?.kind).toBe('syscall');
});
