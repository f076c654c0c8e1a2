/** A claim for every cell of the notes' table, and for the rule below it. */
import { exactly } from '../framework/band.ts';
import type { Claim } from '../framework/experiment.ts';
import { figure, valuesOf } from '../framework/rows.ts';
import { graded } from './graded.ts';
import { type Grade, NOTES_TABLE, type Respect, RESPECTS } from './grades.ts';

const NOTES = 'CS6210 notes, Algorithm Grading';

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
