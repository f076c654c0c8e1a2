/** The figures of `eddy bench` as a table. */
import Table from 'cli-table3';
import type { BenchResult } from '../bench/bench-command.ts';
import type { Host } from '../cli/host.ts';
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
  return [
    table.toString(),
    `a bare generator resume   ${result.bareResumeNs.toFixed(1)} ns`,
    `page faults               ${count(result.faultsPerSecond)} per second`,
    `peak memory               ${count(result.peakRssMiB)} MiB`,
    '',
  ].join('\n');
}
