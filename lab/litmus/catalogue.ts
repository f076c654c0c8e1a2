/**
 * The classical litmus tests, and the lecture notes' own example. `sc` and `tso` are the verdicts that the
 * models of the herd7 tool give; a test holds ours to them.
 */
import type { LitmusTest } from './litmus-test.ts';
import type { Model } from './run-litmus.ts';

export interface CatalogueEntry extends LitmusTest {
  readonly summary: string;
  readonly expected: Readonly<Record<Model, 'allowed' | 'forbidden'>>;
}

const NEVER = { sc: 'forbidden', tso: 'forbidden' } as const;
const TSO_ONLY = { sc: 'forbidden', tso: 'allowed' } as const;
const ALWAYS = { sc: 'allowed', tso: 'allowed' } as const;

export const LITMUS_TESTS: readonly CatalogueEntry[] = [
  {
    name: 'notes',
    summary: 'The notes’ example: P1: a=a+1; b=b+1 · P2: d=b; c=a. Can d be 1 and c be 0?',
    threads: [
      [
        ['load', 'r0', 'a'],
        ['store', 'a', ['+', 'r0', 1]],
        ['load', 'r1', 'b'],
        ['store', 'b', ['+', 'r1', 1]],
      ],
      [
        ['load', 'd', 'b'],
        ['load', 'c', 'a'],
      ],
    ],
    exists: '1:d=1 /\\ 1:c=0',
    expected: NEVER,
  },
  {
    name: 'notes-early',
    summary: 'The notes’ example the other way: can d be 0 and c be 1?',
    threads: [
      [
        ['load', 'r0', 'a'],
        ['store', 'a', ['+', 'r0', 1]],
        ['load', 'r1', 'b'],
        ['store', 'b', ['+', 'r1', 1]],
      ],
      [
        ['load', 'd', 'b'],
        ['load', 'c', 'a'],
      ],
    ],
    exists: '1:d=0 /\\ 1:c=1',
    expected: ALWAYS,
  },
  {
    name: 'SB',
    summary: 'Store buffering: each thread writes one flag and reads the other.',
    threads: [
      [
        ['store', 'x', 1],
        ['load', 'r0', 'y'],
      ],
      [
        ['store', 'y', 1],
        ['load', 'r1', 'x'],
      ],
    ],
    exists: '0:r0=0 /\\ 1:r1=0',
    expected: TSO_ONLY,
  },
  {
    name: 'SB+fences',
    summary: 'Store buffering with a fence between write and read.',
    threads: [
      [['store', 'x', 1], ['fence'], ['load', 'r0', 'y']],
      [['store', 'y', 1], ['fence'], ['load', 'r1', 'x']],
    ],
    exists: '0:r0=0 /\\ 1:r1=0',
    expected: NEVER,
  },
  {
    name: 'SB+fence',
    summary: 'Store buffering with a fence in one thread only.',
    threads: [
      [['store', 'x', 1], ['fence'], ['load', 'r0', 'y']],
      [
        ['store', 'y', 1],
        ['load', 'r1', 'x'],
      ],
    ],
    exists: '0:r0=0 /\\ 1:r1=0',
    expected: TSO_ONLY,
  },
  {
    name: 'SB+swaps',
    summary: 'Store buffering with the writes made by fetch-and-store, which drains.',
    threads: [
      [
        ['swap', 'r2', 'x', 1],
        ['load', 'r0', 'y'],
      ],
      [
        ['swap', 'r3', 'y', 1],
        ['load', 'r1', 'x'],
      ],
    ],
    exists: '0:r0=0 /\\ 1:r1=0',
    expected: NEVER,
  },
  {
    name: 'SB+forward',
    summary: 'Each thread reads its own write early, then the other’s late (Intel’s n6 in spirit).',
    threads: [
      [
        ['store', 'x', 1],
        ['load', 'r0', 'x'],
        ['load', 'r1', 'y'],
      ],
      [
        ['store', 'y', 1],
        ['load', 'r2', 'y'],
        ['load', 'r3', 'x'],
      ],
    ],
    exists: '0:r0=1 /\\ 0:r1=0 /\\ 1:r2=1 /\\ 1:r3=0',
    expected: TSO_ONLY,
  },
  {
    name: 'MP',
    summary: 'Message passing: data, then flag; is the flag seen without the data?',
    threads: [
      [
        ['store', 'data', 1],
        ['store', 'flag', 1],
      ],
      [
        ['load', 'r0', 'flag'],
        ['load', 'r1', 'data'],
      ],
    ],
    exists: '1:r0=1 /\\ 1:r1=0',
    expected: NEVER,
  },
  {
    name: 'LB',
    summary: 'Load buffering: each thread reads one and writes the other.',
    threads: [
      [
        ['load', 'r0', 'x'],
        ['store', 'y', 1],
      ],
      [
        ['load', 'r1', 'y'],
        ['store', 'x', 1],
      ],
    ],
    exists: '0:r0=1 /\\ 1:r1=1',
    expected: NEVER,
  },
  {
    name: 'S',
    summary: 'A write that follows what it has read against an earlier write.',
    threads: [
      [
        ['store', 'x', 2],
        ['store', 'y', 1],
      ],
      [
        ['load', 'r0', 'y'],
        ['store', 'x', 1],
      ],
    ],
    exists: '1:r0=1 /\\ x=2',
    expected: NEVER,
  },
  {
    name: 'R',
    summary: 'Two writes against a write and a read.',
    threads: [
      [
        ['store', 'x', 1],
        ['store', 'y', 1],
      ],
      [
        ['store', 'y', 2],
        ['load', 'r0', 'x'],
      ],
    ],
    exists: 'y=2 /\\ 1:r0=0',
    expected: TSO_ONLY,
  },
  {
    name: '2+2W',
    summary: 'Two threads write two locations in opposite orders.',
    threads: [
      [
        ['store', 'x', 1],
        ['store', 'y', 2],
      ],
      [
        ['store', 'y', 1],
        ['store', 'x', 2],
      ],
    ],
    exists: 'x=1 /\\ y=1',
    expected: NEVER,
  },
  {
    name: 'CoRR',
    summary: 'Coherence: two reads of one location do not go back in time.',
    threads: [
      [['store', 'x', 1]],
      [
        ['load', 'r0', 'x'],
        ['load', 'r1', 'x'],
      ],
    ],
    exists: '1:r0=1 /\\ 1:r1=0',
    expected: NEVER,
  },
  {
    name: 'WRC',
    summary: 'Write to read causality: what one has seen and passed on, the third sees.',
    threads: [
      [['store', 'x', 1]],
      [
        ['load', 'r0', 'x'],
        ['store', 'y', 1],
      ],
      [
        ['load', 'r1', 'y'],
        ['load', 'r2', 'x'],
      ],
    ],
    exists: '1:r0=1 /\\ 2:r1=1 /\\ 2:r2=0',
    expected: NEVER,
  },
  {
    name: 'RWC',
    summary: 'Read to write causality, with a store buffer in the third thread.',
    threads: [
      [['store', 'x', 1]],
      [
        ['load', 'r0', 'x'],
        ['load', 'r1', 'y'],
      ],
      [
        ['store', 'y', 1],
        ['load', 'r2', 'x'],
      ],
    ],
    exists: '1:r0=1 /\\ 1:r1=0 /\\ 2:r2=0',
    expected: TSO_ONLY,
  },
  {
    name: 'IRIW',
    summary: 'Independent reads of independent writes: do two readers agree on the order?',
    threads: [
      [['store', 'x', 1]],
      [['store', 'y', 1]],
      [
        ['load', 'r0', 'x'],
        ['load', 'r1', 'y'],
      ],
      [
        ['load', 'r2', 'y'],
        ['load', 'r3', 'x'],
      ],
    ],
    exists: '2:r0=1 /\\ 2:r1=0 /\\ 3:r2=1 /\\ 3:r3=0',
    expected: NEVER,
  },
  {
    name: 'increment',
    summary: 'Two threads add 1 with a load and a store: is one addition lost?',
    threads: [
      [
        ['load', 'r0', 'x'],
        ['store', 'x', ['+', 'r0', 1]],
      ],
      [
        ['load', 'r1', 'x'],
        ['store', 'x', ['+', 'r1', 1]],
      ],
    ],
    exists: 'x=1',
    expected: ALWAYS,
  },
  {
    name: 'fetch-and-add',
    summary: 'Two threads add 1 atomically: is one addition lost?',
    threads: [[['fetchAdd', 'r0', 'x', 1]], [['fetchAdd', 'r1', 'x', 1]]],
    exists: 'x=1',
    expected: NEVER,
  },
  {
    name: 'compare-and-swap',
    summary: 'Two threads take a lock by compare-and-swap: do both get it?',
    threads: [[['cas', 'r0', 'lock', 0, 1]], [['cas', 'r1', 'lock', 0, 1]]],
    exists: '0:r0=0 /\\ 1:r1=0',
    expected: NEVER,
  },
  {
    name: 'plain-lock',
    summary: 'Two threads take a lock by a load and a store: do both find it free?',
    threads: [
      [
        ['load', 'r0', 'lock'],
        ['store', 'lock', 1],
      ],
      [
        ['load', 'r1', 'lock'],
        ['store', 'lock', 1],
      ],
    ],
    exists: '0:r0=0 /\\ 1:r1=0',
    expected: ALWAYS,
  },
  {
    name: 'peterson-entry',
    summary: 'The entry of Peterson’s lock, one look each: do both go in?',
    threads: [
      [
        ['store', 'flag0', 1],
        ['store', 'turn', 1],
        ['load', 'r0', 'flag1'],
        ['load', 'r1', 'turn'],
      ],
      [
        ['store', 'flag1', 1],
        ['store', 'turn', 0],
        ['load', 'r2', 'flag0'],
        ['load', 'r3', 'turn'],
      ],
    ],
    exists: '(0:r0=0 \\/ 0:r1=0) /\\ (1:r2=0 \\/ 1:r3=1)',
    expected: TSO_ONLY,
  },
];
