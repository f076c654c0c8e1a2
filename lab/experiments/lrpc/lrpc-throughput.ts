/** The experiment `lrpc-throughput`: null calls of several threads at a time to one server. */
import type { Experiment } from '../framework/experiment.ts';
import { THROUGHPUT_CLAIMS } from './claims.ts';
import { measureThroughput, SYSTEMS } from './throughput.ts';

export const lrpcThroughput: Experiment = {
  id: 'lrpc-throughput',
  summary: 'Null calls of 1 to 8 threads at a time: LRPC against messages with one lock on all transfers.',
  question:
    'Does the number of calls to one server grow with the processors that call, if the only lock on the way is that of a ' +
    'procedure’s A-stacks, and if there is one lock on all message transfers?',
  sources: [
    'Bershad, Anderson, Lazowska & Levy, Lightweight Remote Procedure Call, TOCS 8(1), 1990, figure 2 (from memory)',
  ],
  factors: {
    machine: {
      summary: 'preset; the claims are about firefly, whose caches update copies',
      values: ['firefly', 'smp', 'cc-numa'],
      quick: ['firefly'],
    },
    system: {
      summary:
        'lrpc; lrpc-mp: with domain caching (kernel.domainCaching=on), idle harts change places with callers; baseline: message passing, one lock on all transfers (kernel.transfer=global), as SRC RPC had',
      values: SYSTEMS,
      quick: SYSTEMS,
    },
    clients: {
      summary: 'threads that call, each on a hart',
      values: [1, 2, 3, 4, 5, 6, 7, 8],
      quick: [1, 2, 4],
      range: { min: 1, max: 32 },
    },
  },
  parameters: {
    calls: { summary: 'calls of each thread', default: 300, quick: 60, min: 20, max: 100_000 },
    harts: { summary: 'harts of the machine, at least', default: 8, quick: 4, min: 1, max: 32 },
  },
  chooses: ['nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode'],
  columns: [
    { key: 'machine', summary: 'preset' },
    { key: 'system', summary: 'how calls are made' },
    { key: 'clients', summary: 'threads that call' },
    { key: 'throughput', summary: 'calls of all threads', unit: '/Mcycle', digits: 0 },
    { key: 'perCall', summary: 'time of a call', unit: 'cycles', digits: 0 },
    { key: 'underLock', summary: 'time under the lock of the free A-stacks', unit: '%', digits: 2 },
    { key: 'exchanges', summary: 'changes of places in a call', digits: 2 },
  ],
  measure: measureThroughput,
  claims: THROUGHPUT_CLAIMS,
  tables: [
    {
      title: 'Calls in a million cycles',
      down: ['machine', 'system'],
      across: { key: 'clients', show: 'throughput' },
    },
    {
      title: 'Time under the lock of the free A-stacks (%)',
      down: ['machine', 'system'],
      across: { key: 'clients', show: 'underLock' },
      where: (row) => row['system'] === 'lrpc',
    },
    {
      title: 'Changes of places in a call, with domain caching',
      down: ['machine', 'system'],
      across: { key: 'clients', show: 'exchanges' },
      where: (row) => row['system'] === 'lrpc-mp',
    },
  ],
  figures: [
    {
      name: 'throughput',
      title: 'Null calls of several threads at a time',
      x: { key: 'clients', label: 'threads, each on a hart', scale: 'linear' },
      y: { key: 'throughput', label: 'calls in a million cycles', scale: 'linear' },
      series: { key: 'system', label: 'system' },
      panelsAcross: 'machine',
    },
  ],
};
