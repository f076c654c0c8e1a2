/** Draws a span and all below it as a tree, with cycles and misses per step. */
import { COUNTER } from '../../hw/counters.ts';
import { hexWord, type OpenSpan, totals } from '../trace/span.ts';
import type { Paint } from './paint.ts';
import { bar, count, fit } from './text.ts';

const BAR = 10;
const NUMBERS = 28;

/** The tree of a root, line by line. */
export function drawSpan(root: OpenSpan, columns: number, paint: Paint): string[] {
  const width = columns - NUMBERS - BAR - 2;
  const head = paint.dim(
    `${' '.repeat(width)}${'cycles'.padStart(9)}${'L1 miss'.padStart(9)}${'remote'.padStart(8)}`,
  );
  const lines = [title(root, paint), head];
  const draw = (span: OpenSpan, lead: string, branch: string): void => {
    lines.push(row(span, lead + branch, root, width, paint));
    const below = lead + (branch === '' ? '' : branch === '├─ ' ? '│  ' : '   ');
    for (const [index, child] of span.children.entries()) {
      draw(child, below, index === span.children.length - 1 ? '└─ ' : '├─ ');
    }
  };
  draw(root, '', '');
  return lines;
}

function title(root: OpenSpan, paint: Paint): string {
  const { name, address, access, outcome, hart, thread } = root;
  const where = `thread ${thread ?? '?'} on hart ${hart}`;
  const what = address === undefined ? name : `${name}: ${access} at ${hexWord(address)}`;
  return `${paint.name(what)}  ${paint.dim(`${where}, cycle ${count(root.start)}, ${outcome ?? ''}`)}`;
}

function row(span: OpenSpan, lead: string, root: OpenSpan, width: number, paint: Paint): string {
  const counters = totals(span);
  const at = (name: 'l1Misses' | 'remoteFills'): string => {
    const value = counters[COUNTER[name]] as number;
    return value === 0 ? '·' : count(value);
  };
  const cycles = span.end - span.start;
  const colour = span.kind === 'hardware' ? paint.hardware : span.kind === 'wait' ? paint.wait : paint.kernel;
  const label = colour(fit(labelOf(span), width - lead.length));
  const numbers = `${paint.number(count(cycles).padStart(9))}${at('l1Misses').padStart(9)}${at('remoteFills').padStart(8)}`;
  return `${paint.dim(lead)}${label}${numbers}  ${paint.dim(bar(cycles / Math.max(1, root.end - root.start), BAR))}`.trimEnd();
}

const labelOf = ({ name, object }: OpenSpan): string => (object === undefined ? name : `${name}  ${object}`);
