/** The figures of `eddy bench` as tables. */
import Table from 'cli-table3';
import type { BenchResult } from '../bench/bench-command.ts';
import { type Comparison, REGRESSION } from '../bench/comparison.ts';
import { FAULTING_HARTS } from '../bench/faults.ts';
import type { Host } from '../cli/host.ts';
import { paintFor } from './paint.ts';
import { tableStyle } from './table-style.ts';
import { count } from './text.ts';

/** The table and what stands below it, as text. */
export function drawBench(result: BenchResult, host: Host): string {
  const table = new Table({
    head: ['workload', 'harts', 'instructions/s', 'bare resumes'],
    colAligns: ['left', 'right', 'right', 'right'],
    ...tableStyle(host),
  });
  for (const { id, harts, instructionsPerSecond, costRatio } of result.workloads) {
    table.push([id, count(harts), count(instructionsPerSecond), `${costRatio.toFixed(1)} ×`]);
  }
  const { crowd, footprint } = result;
  const touched = `${count(footprint.harts)} harts that touch ${footprint.kibibytesPerHart} KiB each`;
  const lines = [
    table.toString(),
    `a bare generator resume   ${result.bareResumeNs.toFixed(1)} ns`,
    `page faults in core       ${count(result.faultsPerSecond)} per second, of ${FAULTING_HARTS} harts together`,
    `schedules of a lock       ${count(result.schedulesPerSecond ?? 0)} per second`,
    `${count(crowd.harts - 1)} harts that spin     ${crowd.ratio.toFixed(2)} × what harts in wfi cost`,
    `memory                    ${count(footprint.peakRssMiB)} MiB for ${touched}`,
    `peak memory               ${count(result.peakRssMiB)} MiB in all of this`,
  ];
  if (result.against !== undefined) lines.push('', drawComparison(result.against, host));
  return `${lines.join('\n')}\n`;
}

function drawComparison({ file, figures, regressions }: Comparison, host: Host): string {
  const paint = paintFor(host);
  const table = new Table({
    head: ['cost', 'before', 'now', 'now / before'],
    colAligns: ['left', 'right', 'right', 'right'],
    ...tableStyle(host),
  });
  for (const { figure, before, now, ratio } of figures) {
    const text = `${ratio.toFixed(2)} ×`;
    table.push([figure, digits(before), digits(now), ratio >= REGRESSION ? paint.bad(text) : text]);
  }
  const verdict =
    regressions.length === 0
      ? paint.good(`nothing costs ${REGRESSION} times what it did in ${file}`)
      : paint.bad(`costs ${REGRESSION} times what it did in ${file}, or more: ${regressions.join(', ')}`);
  return `${table.toString()}\n${verdict}`;
}

const digits = (value: number): string => (value < 100 ? value.toFixed(1) : count(value));
