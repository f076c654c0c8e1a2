/** A call by LRPC as a tree: stub, trap, the kernel's steps, the server, and back. */
import { expect, test } from 'vitest';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { bootKernel } from '../../../kernel/index.ts';
import { CallSpans } from '../../../lab/trace/call-spans.ts';
import { machineSource } from '../../../lab/trace/machine-source.ts';
import type { OpenSpan } from '../../../lab/trace/span.ts';
import { SpanBuilder } from '../../../lab/trace/span-builder.ts';
import { parameterWordsOf } from '../../../lab/settings/parameters.ts';
import rpc from '../../../userland/programs/rpc.ts';

test('a warm call is two system calls, with the server between them, and nothing is left out', () => {
  const machine = new Machine(presetConfig('firefly', { harts: 1, set: { memoryPerNode: 8 << 20 } }));
  const calls: OpenSpan[] = [];
  const spans = new CallSpans(
    (onRoot) => new SpanBuilder(machineSource(machine), onRoot),
    (root) => root.kind === 'call' && calls.push(root),
  );
  machine.trace.attach(spans);
  bootKernel(machine, { entry: rpc.entry, parameters: parameterWordsOf(rpc, { calls: 4 }) });
  expect(machine.run()).toEqual({ kind: 'halted', status: 0 });
  // One each when binding, 4 that warm up, 4 that count, and a forged one at the end.
  expect(calls).toHaveLength(11);
  const warm = calls[8] as OpenSpan;
  expect(warm.children.map(({ name }) => name)).toEqual([
    'client stub',
    'lrpcCall',
    'server',
    'lrpcReturn',
    'client stub',
  ]);
  let at = warm.start;
  for (const child of warm.children) {
    expect(child.start).toBe(at);
    at = child.end;
  }
  expect(at).toBe(warm.end);
  const steps = (warm.children[1] as OpenSpan).children.flatMap(({ children }) =>
    children.map(({ name }) => name),
  );
  expect(steps).toEqual(expect.arrayContaining(['trap entry save', 'LRPC validate', 'LRPC enter']));
});
