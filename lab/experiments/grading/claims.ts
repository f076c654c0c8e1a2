/** A claim for every cell of the notes' table, and for the rule below it. */
import { exactly } from '../framework/band.ts';
import type { Claim, Row } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';
import { figure, numberIn, pick, valuesOf } from '../framework/rows.ts';
import { type Grade, level, NOTES_TABLE, type Respect, RESPECTS, rmwLevel, spaceLevel } from './grades.ts';

const NOTES = 'CS6210 notes, Algorithm Grading';

/** The row of a lock on a machine. */
const rowOf = (rows: readonly Row[], machine: string, lock: string): Row => {
  const [row] = pick(rows, { machine, lock });
  if (row === undefined) throw new NotMeasured(`no row of ${lock}`);
  return row;
};

const leastOf = (rows: readonly Row[], machine: string, key: string): number =>
  Math.min(...Object.keys(NOTES_TABLE).map((lock) => numberIn(rowOf(rows, machine, lock), key)));

/** The grade that the measured figures give, and what they are. */
function graded(
  rows: readonly Row[],
  machine: string,
  lock: string,
  respect: Respect,
  said: Grade,
): { grade: Grade; figure: string } {
  const row = rowOf(rows, machine, lock);
  const beside = (key: string): { grade: Grade; figure: string } => {
    const [value, least] = [numberIn(row, key), leastOf(rows, machine, key)];
    return {
      grade: level(value, least),
      figure: `${value.toFixed(0)} cycles, the least ${least.toFixed(0)}`,
    };
  };
  switch (respect) {
    case 'latency':
      return beside('latency');
    case 'contention':
      return beside('contention');
    case 'fair':
      return { grade: row['fair'] === true ? 'yes' : 'no', figure: 'order of asking' };
    case 'spin':
      return { grade: row['spin'] as Grade, figure: 'words looked at' };
    case 'rmw': {
      const value = numberIn(row, 'rmw');
      const grade = rmwLevel(value, said, leastOf(rows, machine, 'rmw'));
      return { grade, figure: `${value.toFixed(2)} per section` };
    }
    case 'space':
      return {
        grade: spaceLevel(row['grows'] === true, numberIn(row, 'node')),
        figure: `${numberIn(row, 'space')} bytes in all`,
      };
    case 'signals one': {
      const woken = numberIn(row, 'woken');
      return { grade: woken === 1 ? 'yes' : 'no', figure: `${woken} went to memory` };
    }
  }
}

/** One cell of the table: on how many of the machines the measured grade is another one. */
const cell = (lock: string, respect: Respect, said: Grade): Claim => ({
  id: `${lock}/${respect.replace(' ', '-')}`,
  text: `${lock}, ${respect}: the notes say “${said}”. Machines on which it is measured otherwise.`,
  source: NOTES,
  paper: { value: said, tag: 'F' },
  band: exactly(0),
  measured: (rows) => {
    const machines = valuesOf(rows, 'machine').map(String);
    const found = machines.map((machine) => ({ machine, ...graded(rows, machine, lock, respect, said) }));
    return {
      value: found.filter(({ grade }) => grade !== said).length,
      note: found.map(({ machine, grade, figure: text }) => `${machine}: ${grade} (${text})`).join('; '),
    };
  },
});

const SIMPLE = ['test-and-set', 'spin-on-read', 'static-delay', 'linear-backoff', 'exponential-backoff'];
const FETCH_AND_PHI = ['ticket', 'ticket-backoff', 'anderson', 'anderson-packed', 'mcs', 'mcs-swap', 'clh'];
const QUEUES = ['anderson', 'anderson-packed', 'mcs', 'mcs-swap', 'clh'];

/** On how many machines the quickest of some locks is none of those that the rule names. */
const rule = (id: string, text: string, among: readonly string[], named: readonly string[]): Claim => ({
  id,
  text,
  source: NOTES,
  paper: { value: named.join(', '), tag: 'F' },
  band: exactly(0),
  measured: (rows) => {
    const firsts = valuesOf(rows, 'machine')
      .map(String)
      .map((machine) => {
        const times = among.map((lock) => [lock, figure(rows, 'perSection', { machine, lock })] as const);
        return { machine, times: times.toSorted(([, left], [, right]) => left - right) };
      });
    return {
      value: firsts.filter(({ times }) => !named.includes(times[0]?.[0] ?? '')).length,
      note: firsts
        .map(({ machine, times }) => {
          const best = times.slice(0, 3).map(([lock, time]) => `${lock} ${time.toFixed(0)}`);
          return `${machine}: ${best.join(', ')}`;
        })
        .join('; '),
    };
  },
});

export const CLAIMS: readonly Claim[] = [
  ...Object.entries(NOTES_TABLE).flatMap(([lock, grades]) =>
    RESPECTS.map((respect, index) => cell(lock, respect, grades[index] as Grade)),
  ),
  rule(
    'rule-test-and-set',
    'If there is only test_and_set, exponential backoff is the better choice: machines on which another one of those is quicker.',
    SIMPLE,
    ['exponential-backoff'],
  ),
  rule(
    'rule-fetch-and-phi',
    'If there is fetch_and_φ, a queueing lock is a good choice: machines on which another fair lock is quicker.',
    FETCH_AND_PHI,
    QUEUES,
  ),
];
