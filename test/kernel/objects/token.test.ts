/** The hand-over of the token in every execution, and with what it needs left out. */
import { describe, expect, test } from 'vitest';
import { loadChanged } from '../../zoo/kernel/planted.ts';
import { forgotten } from './token-handed-over.ts';

const TOKEN = 'kernel/objects/token.ts';
const INTERRUPTED = 'if (yield* isQuiescent(target)) yield sendInterrupt(hart);';
const FENCED = `  yield fence();\n  ${INTERRUPTED}`;

async function forgottenWith(model: 'sc' | 'tso', from: string, to: string): Promise<number> {
  const module = await loadChanged('test/kernel/objects/token-handed-over.ts', {
    file: TOKEN,
    edits: [[from, to]],
  });
  return (module['forgotten'] as typeof forgotten)(model).forgotten;
}

describe.each(['sc', 'tso'] as const)('under %s', (model) => {
  test('the token is never forgotten', () => {
    const found = forgotten(model);
    expect(found.executions).toBeGreaterThan(1);
    expect(found.forgotten).toBe(0);
  });

  test('without the interrupt it is, in some execution', async () => {
    expect(
      await forgottenWith(model, INTERRUPTED, 'yield* isQuiescent(target);\n  void hart;'),
    ).toBeGreaterThan(0);
  });
});

test('without the fence it is, where stores are buffered', async () => {
  expect(await forgottenWith('tso', FENCED, `  ${INTERRUPTED}`)).toBeGreaterThan(0);
  expect(await forgottenWith('sc', FENCED, `  ${INTERRUPTED}`)).toBe(0);
});
