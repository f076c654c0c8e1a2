/** The experiment `coherence`: which way of keeping caches coherent suits which way of sharing. */
import type { Experiment, Row } from '../framework/experiment.ts';
import { largest } from '../framework/rows.ts';
import { CLAIMS } from './claims.ts';
import { measureSharing } from './measure.ts';
import { PATTERNS } from './patterns.ts';

const atMostHarts = (row: Row, rows: readonly Row[]): boolean => row['harts'] === largest(rows, 'harts');

export const coherence: Experiment = {
  id: 'coherence',
  summary: 'Invalidate, update or no coherence: what each costs for five ways of sharing.',
  question:
    'When one processor writes what others have cached: should the hardware invalidate their copies, ' +
    'update them, or leave it to software?',
  sources: [
    'Ramachandran, CS6210 notes: write invalidate, write update, non-cache-coherent machines',
    'Archibald & Baer, Cache Coherence Protocols, TOCS 4(4), 1986',
    'Gupta & Weber, Cache Invalidation Patterns in Shared-Memory Multiprocessors, 1992',
  ],
  factors: {
    pattern: {
      summary: 'how memory is shared',
      values: Object.keys(PATTERNS),
      quick: Object.keys(PATTERNS),
    },
    machine: {
      summary: 'preset',
      values: ['smp', 'cc-numa', 'ncc-numa'],
      quick: ['smp', 'ncc-numa'],
    },
    protocol: {
      summary: 'what a write does to other copies',
      values: ['invalidate', 'update', 'none'],
      quick: ['invalidate', 'update', 'none'],
    },
    harts: { summary: 'number of harts', values: [2, 4, 8, 16], quick: [2, 8], range: { min: 2, max: 64 } },
    line: {
      summary: 'bytes per line',
      values: [16, 32, 64, 128, 256],
      quick: [16, 64, 256],
      range: { min: 16, max: 256 },
    },
  },
  parameters: {
    rounds: {
      summary: 'how often each hart does its part (32 single accesses count as one)',
      default: 12,
      quick: 4,
      min: 1,
      max: 1000,
    },
  },
  chooses: ['coherence', 'memorySystem', 'l1', 'nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode'],
  includes: ({ machine, protocol }) => (machine === 'ncc-numa') === (protocol === 'none'),
  columns: [
    { key: 'pattern', summary: 'how memory is shared' },
    { key: 'machine', summary: 'preset' },
    { key: 'protocol', summary: 'what a write does to other copies' },
    { key: 'harts', summary: 'number of harts' },
    { key: 'line', summary: 'length of a line', unit: 'bytes' },
    { key: 'accesses', summary: 'reads and writes of data by all harts' },
    { key: 'cycles', summary: 'from the common start until the last hart was done', unit: 'cycles' },
    { key: 'perAccess', summary: 'cycles of a hart per access to data', unit: 'cycles', digits: 1 },
    { key: 'transactions', summary: 'transactions on the interconnect, write-backs included' },
    { key: 'perHundred', summary: 'transactions per hundred accesses to data', digits: 1 },
    { key: 'misses', summary: 'accesses whose line the cache did not hold' },
    { key: 'invalidations', summary: 'copies in other caches that writes destroyed' },
    { key: 'updates', summary: 'writes that were sent to other caches' },
    { key: 'writebacks', summary: 'dirty lines that went home' },
    { key: 'wrong', summary: 'words that were not what they should have been' },
  ],
  measure: measureSharing,
  claims: CLAIMS,
  tables: [
    {
      title: 'Bus: cycles of a hart per access, by bytes per line, most harts',
      down: ['pattern', 'protocol'],
      across: { key: 'line', show: 'perAccess' },
      where: (row, rows) => row['machine'] === 'smp' && atMostHarts(row, rows),
    },
    {
      title: 'Nodes: the same on cc-numa, and without coherence on ncc-numa',
      down: ['pattern', 'protocol'],
      across: { key: 'line', show: 'perAccess' },
      where: (row, rows) => row['machine'] !== 'smp' && atMostHarts(row, rows),
    },
  ],
  figures: [
    {
      name: 'lines',
      title: 'Cycles per access, by the length of a line',
      x: { key: 'line', label: 'bytes per line', scale: 'log2' },
      y: { key: 'perAccess', label: 'cycles of a hart per access', scale: 'log' },
      series: { key: 'protocol', label: 'protocol' },
      panelsAcross: 'pattern',
      panelsDown: 'machine',
      where: atMostHarts,
    },
    {
      name: 'harts',
      title: 'Transactions per hundred accesses, by the number of harts, lines of 64 bytes',
      x: { key: 'harts', label: 'harts', scale: 'log2' },
      y: { key: 'perHundred', label: 'transactions per hundred accesses', scale: 'linear' },
      series: { key: 'protocol', label: 'protocol' },
      panelsAcross: 'pattern',
      panelsDown: 'machine',
      where: (row) => row['line'] === 64,
    },
  ],
};
