/** The experiment `grading`: the notes' table of lock algorithms beside the measured one, cell by cell. */
import type { LockKind } from '../../../userland/index.ts';
import type { OwnKind } from '../../load/load-kind.ts';
import type { Cell, Experiment, Row, Settings, TableView } from '../framework/experiment.ts';
import { withOwnKind } from '../framework/own-kind.ts';
import { measureLock, SPIN_LOCKS } from '../locks/measure.ts';
import { CLAIMS } from './claims.ts';
import { NOTES_TABLE } from './grades.ts';
import { besideTheNotes, COLUMNS } from './beside.ts';

/** Those that need only test_and_set, and those with a queue: for the rule below the table. */
const OTHERS = ['static-delay', 'linear-backoff', 'ticket-backoff', 'anderson-packed', 'mcs-swap', 'clh'];

export const grading: Experiment = {
  id: 'grading',
  summary: 'The notes’ table “Algorithm Grading” beside the measured one, with a verdict on every cell.',
  question:
    'Does the table by which a lock is chosen in the lectures agree with what is measured, cell by cell, and does the rule below it?',
  sources: ['Ramachandran, CS6210 notes: Synchronization, Algorithm Grading'],
  factors: {
    machine: {
      summary: 'preset',
      values: ['smp', 'cc-numa', 'symmetry'],
      quick: ['smp'],
    },
    lock: {
      summary: 'kind of lock',
      values: [...Object.keys(NOTES_TABLE), ...OTHERS],
      quick: [...Object.keys(NOTES_TABLE), ...OTHERS],
    },
  },
  parameters: {
    harts: { summary: 'how many compete', default: 16, quick: 8, min: 2, max: 64 },
    rounds: { summary: 'acquisitions of each hart', default: 16, quick: 8, min: 2, max: 10_000 },
    section: { summary: 'cycles inside', default: 0, quick: 0, min: 0, max: 100_000 },
  },
  chooses: ['coherence', 'memorySystem', 'nodes', 'coresPerNode', 'memoryPerNode'],
  columns: [
    { key: 'machine', summary: 'preset' },
    { key: 'lock', summary: 'kind of lock' },
    { key: 'latency', summary: 'acquire and release, one hart alone', unit: 'cycles', digits: 0 },
    {
      key: 'contention',
      summary: 'from a release to the next being in, when all want it',
      unit: 'cycles',
      digits: 0,
    },
    { key: 'perSection', summary: 'time of the contest per critical section', unit: 'cycles', digits: 0 },
    { key: 'fair', summary: 'whether all were served in the order of asking' },
    { key: 'spin', summary: 'whether two waiters look at the same word' },
    { key: 'rmw', summary: 'read-modify-writes per critical section', digits: 2 },
    { key: 'space', summary: 'the lock and what all threads bring', unit: 'bytes' },
    { key: 'grows', summary: 'whether the lock itself is larger for more threads' },
    { key: 'node', summary: 'what a thread brings', unit: 'bytes' },
    { key: 'woken', summary: 'harts that went to memory because of one release' },
  ],
  measure: (cell, settings) => measure(cell, settings),
  claims: CLAIMS,
  takes: { lock: ownGraded },
  tables: tablesWith(),
  figures: [],
};

/** The experiment with a lock of the user's own: it gets grades, and the notes say nothing of it. */
function ownGraded(own: OwnKind<'lock'>): Experiment {
  return withOwnKind(grading, 'lock', own, {
    measure: (cell, settings) => measure(cell, settings, own.kind),
    tables: tablesWith(own.kind.id),
  });
}

/** The tables, with a lock that is none of the notes'. */
function tablesWith(own?: string): TableView[] {
  return [
    {
      title: 'The notes’ table, and what is measured (✗: otherwise; one: wakes one)',
      from: (rows) => besideTheNotes(rows, own),
      down: ['lock'],
      show: COLUMNS,
    },
    {
      title: 'What the grades are made of: on a bus (smp)',
      down: ['lock'],
      show: ['latency', 'contention', 'fair', 'spin', 'rmw', 'space', 'woken'],
      where: ({ machine, lock }) => machine === 'smp' && (lock === own || String(lock) in NOTES_TABLE),
    },
    {
      title: 'The rule: cycles per critical section, all compete',
      down: ['lock'],
      across: { key: 'machine', show: 'perSection' },
    },
  ];
}

function measure({ machine, lock }: Cell, settings: Settings, own?: LockKind): Row {
  const harts = settings.parameters['harts'] as number;
  const kind = own ?? (SPIN_LOCKS.find(({ id }) => id === lock) as LockKind);
  const cell = { machine: machine as string, lock: lock as string, harts };
  const contested = measureLock({ ...cell, measure: 'contest' }, settings, own);
  const released = measureLock({ ...cell, measure: 'release' }, settings, own);
  return {
    latency: contested['latency'] as number,
    contention: contested['handover'] ?? null,
    perSection: contested['perSection'] as number,
    fair: released['inOrder'] as boolean,
    spin: released['looksShared'] === true ? 'shared' : 'private',
    rmw: contested['atomics'] as number,
    space: contested['space'] as number,
    grows: kind.size(2) < kind.size(64),
    node: kind.nodeSize,
    woken: released['woken'] as number,
  };
}
