/** The chapter on a page fault shows the steps that a fault really has. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { presetConfig } from '../../hw/presets.ts';
import { parameterWords } from '../../lab/settings/parameters.ts';
import { trace } from '../../lab/trace/trace-command.ts';
import fault from '../../userland/programs/fault.ts';
import { CapturedHost } from '../lab/captured-host.ts';

interface Span {
  readonly name: string;
  readonly children?: readonly Span[];
}

const lines = ({ name, children = [] }: Span, depth = 0): string[] => [
  `${'  '.repeat(depth)}${name}`,
  ...children.flatMap((child) => lines(child, depth + 1)),
];

test('one of the faults has the steps that the chapter lists', async () => {
  const text = readFileSync(
    new URL('../../docs/book/08-history-of-a-page-fault.md', import.meta.url),
    'utf8',
  );
  const shown = /```\n(page fault\n.*?)```/s.exec(text)?.[1] ?? '';
  const host = new CapturedHost();
  const plan = {
    program: fault,
    config: presetConfig('cc-numa', { harts: 4, seed: 1 }),
    parameters: parameterWords(fault, new Map([['pages', '2']])),
    kernelOptions: {},
    bare: false,
    limits: { steps: 1e9, cycles: Number.POSITIVE_INFINITY, watchdogSeconds: 5 },
    describe: String,
  };
  await trace(plan, { kind: 'fault', json: true }, host);
  const { spans } = JSON.parse(host.output) as { spans: readonly Span[] };
  expect(spans.map((span) => `${lines(span).join('\n')}\n`)).toContain(shown);
});
