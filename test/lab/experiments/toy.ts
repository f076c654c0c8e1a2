/** A small experiment for tests of the framework: how far a runner gets, with a claim of each kind. */
import { atLeast, exactly } from '../../../lab/experiments/framework/band.ts';
import type { Experiment } from '../../../lab/experiments/framework/experiment.ts';
import { NotMeasured } from '../../../lab/experiments/framework/not-measured.ts';
import { figure } from '../../../lab/experiments/framework/rows.ts';

export const toy: Experiment = {
  id: 'toy',
  summary: 'How far a runner gets.',
  question: 'How far does a runner get in so many seconds?',
  sources: ['nobody'],
  factors: {
    runner: { summary: 'who', values: ['hare', 'tortoise', 'unicorn'], quick: ['hare'] },
    seconds: { summary: 'how long', values: [1, 10], quick: [1], range: { min: 0, max: 100 } },
  },
  parameters: { head: { summary: 'head start', default: 5, quick: 0, min: 0, max: 50 } },
  chooses: ['l1'],
  includes: ({ runner, seconds }) => !(runner === 'unicorn' && seconds === 1),
  columns: [
    { key: 'runner', summary: 'who' },
    { key: 'seconds', summary: 'how long', unit: 's' },
    { key: 'metres', summary: 'how far', unit: 'm', digits: 1 },
  ],
  measure: ({ runner, seconds }, { parameters }) => {
    if (runner === 'unicorn') throw new NotMeasured('there is no unicorn on this build');
    const speed = runner === 'hare' ? 15.25 : 0.1;
    return { metres: Number(seconds) * speed + (runner === 'tortoise' ? (parameters['head'] as number) : 0) };
  },
  claims: [
    {
      id: 'hare-wins',
      text: 'The hare gets farther than the tortoise.',
      source: 'common sense',
      paper: null,
      band: atLeast(1),
      measured: (rows) =>
        figure(rows, 'metres', { runner: 'hare', seconds: 10 }) /
        figure(rows, 'metres', { runner: 'tortoise', seconds: 10 }),
    },
    {
      id: 'tortoise-wins',
      text: 'The tortoise gets exactly a hundred metres.',
      source: 'Aesop',
      paper: { value: 100, tag: 'M' },
      band: exactly(100),
      measured: (rows) => figure(rows, 'metres', { runner: 'tortoise', seconds: 10 }),
    },
    {
      id: 'unicorn-wins',
      text: 'The unicorn gets anywhere.',
      source: 'legend',
      paper: null,
      band: atLeast(0),
      measured: (rows) => figure(rows, 'metres', { runner: 'unicorn', seconds: 10 }),
    },
  ],
  tables: [
    { title: 'Metres', down: ['runner'], across: { key: 'seconds', show: 'metres' } },
    {
      title: 'Rows',
      down: ['runner', 'seconds'],
      show: ['metres'],
      where: (row) => row['runner'] === 'hare',
    },
  ],
  figures: [
    {
      name: 'race',
      title: 'Metres & seconds',
      x: { key: 'seconds', label: 'seconds', scale: 'linear' },
      y: { key: 'metres', label: 'metres', scale: 'linear' },
      series: { key: 'runner', label: 'runner' },
    },
  ],
};
