/** The figures of `eddy cache` as text. */
import type { Host } from '../cli/host.ts';
import { paintFor } from '../view/paint.ts';
import { bar, bytes, count, fit, percent } from '../view/text.ts';
import { type CacheDesign, setsOf } from './design.ts';
import { ACCESS_KINDS, type CacheResult } from './simulation.ts';

const BAR = 14;
const SAYS = {
  cold: 'the first use of a line',
  capacity: 'more lines in use than fit',
  conflict: 'too many lines for one set',
} as const;

export function drawCache(design: CacheDesign, result: CacheResult, host: Host): string {
  const paint = paintFor(host);
  const { accesses, hits, misses, byKind } = result;
  const row = (label: string, value: number, whole: number, says = ''): string =>
    `${fit(label, 14)}${count(value).padStart(16)} ${percent(value, whole)}  ` +
    `${paint.number(bar(whole === 0 ? 0 : value / whole, BAR).padEnd(BAR))}  ${paint.dim(says)}`.trimEnd();
  const lines = [
    paint.title(describeDesign(design)),
    '',
    row('accesses', accesses, accesses),
    ...ACCESS_KINDS.filter((kind) => result.byAccess[kind].accesses > 0).map((kind) =>
      row(`  ${kind}`, result.byAccess[kind].accesses, accesses),
    ),
    row('hits', hits, accesses),
    row('misses', misses, accesses),
    ...(['cold', 'capacity', 'conflict'] as const).map((kind) =>
      row(`  ${kind}`, byKind[kind], misses, SAYS[kind]),
    ),
  ];
  if (design.writeBack)
    lines.push(
      `${fit('write-backs', 14)}${count(result.writebacks).padStart(16)}       and ${count(result.dirtyLines)} dirty lines left`,
    );
  return `${lines.join('\n')}\n`;
}

const describeDesign = (design: CacheDesign): string =>
  `${bytes(design.size)}, ${design.ways === 1 ? 'direct-mapped' : `${design.ways}-way`}, ` +
  `${count(setsOf(design))} sets of ${design.line}-byte lines, ` +
  `write-${design.writeBack ? 'back' : 'through'}, ${design.writeAllocate ? '' : 'no '}write-allocate`;
