/** A table of where the cycles of a run went: by mode of the harts, and by what held them up. */
import Table from 'cli-table3';
import type { CounterName, Counters } from '../../hw/counters.ts';
import type { Host } from '../cli/host.ts';
import type { Paint } from './paint.ts';
import { tableStyle } from './table-style.ts';
import { bar, count, percent } from './text.ts';

interface Row {
  readonly label: string;
  readonly cycles: (total: (name: CounterName) => number) => number;
}

const MODES: readonly Row[] = [
  { label: 'user programs', cycles: (total) => total('userCycles') },
  { label: 'kernel', cycles: (total) => total('supervisorCycles') - total('idleCycles') },
  { label: 'idle', cycles: (total) => total('idleCycles') },
];

const CAUSES: readonly Row[] = [
  { label: '… waiting for memory', cycles: (total) => total('stallCycles') },
  { label: '… of that, queueing for a busy part', cycles: (total) => total('queueCycles') },
  { label: '… page-table walks', cycles: (total) => total('walkCycles') },
  { label: '… spinning', cycles: (total) => total('spinCycles') },
];

/** Shown where cores have several harts only. */
const PIPELINE: Row = {
  label: '… waiting for the core’s pipeline',
  cycles: (total) => total('issueWaitCycles'),
};

const EVENTS: readonly (readonly [label: string, ...names: CounterName[]])[] = [
  ['instructions', 'instructions'],
  ['L1 misses', 'l1Misses'],
  ['… from local memory', 'localFills'],
  ['… from remote memory', 'remoteFills'],
  ['… from another cache', 'cacheFills'],
  ['TLB misses', 'tlbMisses'],
  ['page faults', 'pageFaults'],
  ['system calls', 'systemCalls'],
  ['interrupts', 'interrupts'],
  ['thread switches', 'contextSwitches'],
];

const BAR = 18;

/** The tables, as text that ends with a line end. */
export function drawCycles(counters: Counters, host: Host, paint: Paint): string {
  const total = (name: CounterName): number => counters.total(name);
  const whole = MODES.reduce((sum, row) => sum + row.cycles(total), 0);
  const table = new Table({
    ...tableStyle(host),
    head: ['cycles of all harts', 'cycles', 'share', ''],
    colAligns: ['left', 'right', 'right', 'left'],
  });
  const shared = PIPELINE.cycles(total) > 0 ? [PIPELINE] : [];
  for (const { label, cycles } of [...MODES, ...CAUSES, ...shared]) {
    const value = cycles(total);
    const isMode = MODES.some((mode) => mode.label === label);
    const drawn = bar(value / Math.max(1, whole), BAR);
    table.push([label, count(value), percent(value, whole), isMode ? paint.good(drawn) : paint.dim(drawn)]);
  }
  const events = new Table({
    ...tableStyle(host),
    head: ['events', 'count', 'events', 'count'],
    colAligns: ['left', 'right', 'left', 'right'],
  });
  const half = Math.ceil(EVENTS.length / 2);
  for (let index = 0; index < half; index++) {
    events.push(
      [EVENTS[index], EVENTS[index + half]].flatMap((row) =>
        row === undefined ? ['', ''] : cells(row, total),
      ),
    );
  }
  return `${table.toString()}\n${events.toString()}\n`;
}

const cells = (
  [label, ...names]: (typeof EVENTS)[number],
  total: (name: CounterName) => number,
): string[] => [label, count(names.reduce((sum, name) => sum + total(name), 0))];
