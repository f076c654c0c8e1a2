/** Draws the sums of many spans as a tree: how often each step came, and its mean cycles. */
import type { Sum } from '../trace/span-collector.ts';
import type { Paint } from './paint.ts';
import { count, fit, percent } from './text.ts';

/** The tree below a nameless root, line by line. */
export function drawSums(sums: Sum, columns: number, paint: Paint): string[] {
  const width = columns - 37;
  const head = paint.dim(
    `${' '.repeat(width)}${'count'.padStart(9)}${'mean'.padStart(11)}${'self'.padStart(11)}${'share'.padStart(6)}`,
  );
  const lines = [head];
  const whole = [...sums.children.values()].reduce((total, sum) => total + sum.cycles, 0);
  const draw = (sum: Sum, lead: string, branch: string): void => {
    const label = paint.kernel(fit(sum.name, width - lead.length - branch.length));
    const mean = paint.number(count(sum.cycles / sum.count).padStart(11));
    const self = count(sum.selfCycles / sum.count).padStart(11);
    lines.push(
      `${paint.dim(lead + branch)}${label}${count(sum.count).padStart(9)}${mean}${self}  ${percent(sum.cycles, whole)}`,
    );
    const below = lead + (branch === '' ? '' : branch === '├─ ' ? '│  ' : '   ');
    const children = [...sum.children.values()];
    for (const [index, child] of children.entries())
      draw(child, below, index === children.length - 1 ? '└─ ' : '├─ ');
  };
  for (const sum of sums.children.values()) draw(sum, '', '');
  return lines;
}
