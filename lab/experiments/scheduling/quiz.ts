/** The experiment `quiz`: the notes' quiz on minimum intervening plus queue, put to the kernel, with other numbers, too. */
import program from '../../../userland/programs/quiz.ts';
import { exactly } from '../framework/band.ts';
import type { Cell, Experiment, Row, Settings } from '../framework/experiment.ts';
import { figure, numberIn, pick } from '../framework/rows.ts';
import { runScene } from './scene-run.ts';

const NOTES = 'CS6210 notes, Scheduling: quiz (4e §9)';
/** Intervening + queued threads of the two harts, as in the notes. */
const NOTED = '2+1:1+4';
/** Harts of the scene. */
const U = 1;
const V = 2;

function measure(cell: Cell, settings: Settings): Row {
  const numbers = String(cell['question']).split(/[+:]/).map(Number);
  const [interveningU = 1, queuedU = 0, interveningV = 1, queuedV = 0] = numbers;
  const said = runScene(
    program,
    { interveningU, queuedU, interveningV, queuedV },
    { scheduler: 'minimum-intervening-plus-queue' },
    settings,
  );
  return { sumU: interveningU + queuedU, sumV: interveningV + queuedV, hart: said('ran') };
}

export const quiz: Experiment = {
  id: 'quiz',
  summary: 'The notes’ quiz: a thread with affinity for two harts that have queues.',
  question:
    'A thread becomes ready. Two harts remember it, one better than the other, and threads wait for both. Which does it ' +
    'get under minimum intervening plus queue?',
  sources: ['CS6210 notes, Scheduling: quiz'],
  factors: {
    question: {
      summary: 'intervening + queued threads of hart u, and of hart v',
      values: [NOTED, '1+4:2+1', '1+1:3+0', '4+0:1+2', '1+3:2+1', '5+0:1+5', '2+2:2+1', '1+0:1+1'],
      quick: [NOTED, '1+4:2+1', '4+0:1+2'],
    },
  },
  parameters: {},
  chooses: ['nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode', 'l1'],
  columns: [
    { key: 'question', summary: 'intervening + queued threads of harts u and v' },
    { key: 'sumU', summary: 'sum of hart u, which is hart 1' },
    { key: 'sumV', summary: 'sum of hart v, which is hart 2; the thread was there last' },
    { key: 'hart', summary: 'where the thread ran' },
  ],
  measure,
  claims: [
    {
      id: 'Q6-G1-quiz',
      text: 'Affinity 2 and one thread queued at Pu, affinity 1 and four queued at Pv: 3 < 5, so the thread goes to Pu, which is hart 1.',
      source: NOTES,
      paper: { value: 'Pu', tag: 'F' },
      band: exactly(U),
      measured: (rows) => figure(rows, 'hart', { question: NOTED }),
    },
    {
      id: 'least-sum',
      text: 'With other numbers, too, it goes where the sum is less: rows in which it does not.',
      source: NOTES,
      paper: null,
      band: exactly(0),
      measured: (rows) =>
        pick(rows, {}).filter((row) => {
          const [sumU, sumV] = [numberIn(row, 'sumU'), numberIn(row, 'sumV')];
          return sumU !== sumV && numberIn(row, 'hart') !== (sumU < sumV ? U : V);
        }).length,
    },
  ],
  tables: [
    {
      title: 'Where the thread ran',
      down: ['question'],
      show: ['sumU', 'sumV', 'hart'],
    },
  ],
  figures: [],
};
