import { describe, expect, test } from 'vitest';
import { presetConfig } from '../../../hw/presets.ts';
import { drawMachine } from '../../../lab/view/machine-drawing.ts';
import { paintFor } from '../../../lab/view/paint.ts';
import { bar, bytes, fit } from '../../../lab/view/text.ts';
import { progressFor } from '../../../lab/view/progress-bar.ts';
import { CapturedHost } from '../captured-host.ts';

const plain = paintFor(new CapturedHost());

describe('the drawing of a machine', () => {
  test.each([
    ['cc-numa', 1],
    ['cc-numa', 8],
    ['cc-numa', 64],
    ['cc-numa', 1024],
    ['smp', 1],
    ['smp', 32],
  ])('of %s with %i harts fits 80 columns', (preset, harts) => {
    const lines = drawMachine(presetConfig(preset, { harts }), plain);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).toContain('hart 0');
  });

  test('shows each node with its cores and memory', () => {
    const text = drawMachine(presetConfig('cc-numa', { harts: 8, nodes: 2 }), plain).join('\n');
    for (const part of ['node 0', 'node 1', 'hart 7', 'memory 64 MiB from 0x04000000', 'mesh of 2 nodes']) {
      expect(text).toContain(part);
    }
  });
});

describe('pieces of text', () => {
  test('a bar is as long as its share', () => {
    expect(bar(0, 4)).toBe('');
    expect(bar(0.5, 4)).toBe('██');
    expect(bar(1, 4)).toBe('████');
    expect(bar(7, 4)).toBe('████');
  });

  test('bytes and widths', () => {
    expect(bytes(64 * 1024 * 1024)).toBe('64 MiB');
    expect(bytes(1536)).toBe('1.5 KiB');
    expect(fit('abcdef', 4)).toBe('abc…');
    expect(fit('ab', 4)).toBe('ab  ');
  });

  test('colours come only where they are wanted', () => {
    expect(plain.title('x')).toBe('x');
    expect(paintFor(new CapturedHost(true)).title('x')).toContain('\u001b[');
  });
});

test('there is no progress bar where no terminal is', () => {
  const host = new CapturedHost();
  const progress = progressFor(host, 'x', 10);
  progress.update(5);
  progress.done();
  expect(host.errors).toBe('');
});
