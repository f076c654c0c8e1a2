/** The zoo's README, rendered from what was measured: schedules and preemptions, which are the same on every host. */
import { table } from '../../../lab/docs/markdown.ts';
import { count } from '../../../lab/view/text.ts';
import { ZOO } from '../catalogue.ts';
import { KERNEL_BUGS } from '../kernel/catalogue.ts';
import { optionsFor } from '../subject.ts';
import { MOST } from './collect.ts';
import type { Measured } from './measure.ts';
import { WAYS } from './searches.ts';
import { schedulesOf } from './text.ts';

type Cells = readonly (string | number)[];

const rowOf = (rows: readonly Measured[], bug: string, strategy: string, form: Measured['form'] = 'faulty') =>
  rows.find((row) => row.bug === bug && row.strategy === strategy && row.form === form);

const smallest = (row: Measured | undefined): Cells => [
  row?.preemptions ?? '–',
  row?.schedule === undefined ? '–' : `\`${row.schedule}\``,
];

/** A row as it stands in the page. */
export const lineOf = (cells: Cells): string => table([], [cells]).split('\n').at(-1) as string;

/** A bug without a kernel, as its row says. */
export const bareCells = (bug: (typeof ZOO)[number], bound: Measured | undefined): Cells => [
  bug.id,
  `[${bug.title}](${bug.file})`,
  bug.wrong,
  bug.shows,
  bug.modelPreemptions,
  ...smallest(bound),
  optionsFor(bug).join(' '),
];

/** A bug in the kernel, as its row says. */
export const kernelCells = (bug: (typeof KERNEL_BUGS)[number], bound: Measured | undefined): Cells => [
  bug.id,
  bug.title,
  bug.wrong,
  bug.file,
  bug.shows,
  bound?.preemptions ?? '–',
  schedulesOf(bound),
];

/** How many executions plain search and reduction run, of both forms. */
export function reductionCells(rows: readonly Measured[], bug: string, form: Measured['form']): Cells {
  const total = (strategy: string): string => {
    const row = rowOf(rows, bug, strategy, form);
    if (row === undefined) return '–';
    return row.exhausted ? count(row.schedules) : `> ${count(row.schedules)}`;
  };
  return [total('depth-first'), total('dpor')];
}

export function renderReadme(rows: readonly Measured[]): string {
  const bound = (id: string): Measured | undefined => rowOf(rows, id, 'bound');
  const ways = WAYS.map(({ id }) => id);
  const found = [...ZOO, ...KERNEL_BUGS].map(({ id }) => [
    id,
    ...ways.map((way) => schedulesOf(rowOf(rows, id, way))),
  ]);
  return TEXT.replace(
    '@bare',
    table(
      ['id', 'bug', 'what is wrong', 'shows as', 'model', 'measured', 'smallest schedule', 'options'],
      ZOO.map((bug) => bareCells(bug, bound(bug.id))),
    ),
  )
    .replace(
      '@kernel',
      table(
        ['id', 'bug', 'what is wrong', 'changed', 'shows as', 'preemptions', 'schedules'],
        KERNEL_BUGS.map((bug) => kernelCells(bug, bound(bug.id))),
      ),
    )
    .replace('@found', table(['id', ...ways], found))
    .replace(
      '@twins',
      table(
        ['id', 'depth-first', 'dpor'],
        ZOO.map(({ id }) => [id, ...reductionCells(rows, id, 'correct')]),
      ),
    );
}

const TEXT = `# The bug zoo

<!-- Rendered by \`npm run zoo -- --write\`. Change test/zoo/table/readme.ts, not this page. -->

Bugs that are easy to make, each planted beside a correct twin that differs in nothing else. The tests search both:
the bug is found, with as few preemptions as the tables say, and nothing is found in the twin.
A preemption is a switch away from a hart that could go on.

\`npm run zoo\` runs every search on every bug and its twin and prints the table below; \`--json\` gives the rows,
with seconds, steps and schedules; \`npm run zoo -- L01 V05\` takes these only.

## Without a kernel

Each is a program for a machine without a kernel. \`eddy explore --bare test/zoo/FILE\`, with the options of the last
column, finds it; with \`--set correct=1\` it finds nothing. *Model*: the fewest preemptions in a model of nothing but
the steps that matter. *Measured*: the fewest on the emulated machine, found by trying all schedules with none, then
all with one, and so on; the schedule is the first of them.

@bare

L08 takes fewer than in the model: a hart may end while its stores still wait in the buffer, and whoever acts then
preempts nobody. A02, too: the switch is one that the program makes, on a single hart. C01 and C03 are races between
the messages of a coherence protocol. Transactions of the emulated machine are atomic and have no messages under way, so
it cannot have them: here words stand for caches and directory, and the protocol is the program.

## In the kernel

The kernel is changed in one place of its source, bundled anew, and searched under a program that brings it there
(kernel/scenes); the twin is the product. The kernel boots and the program gets ready in the order of time; from there
to the program's last step the search decides, about timers, interrupts and the disk, too. It tries all schedules
without a preemption, then those with one, up to ${count(MOST.kernel.faulty)} in all: *schedules* says when it found the bug. In
the product it finds nothing in ${count(MOST.kernel.correct)}, which are some of those with at most one preemption. The
numbers of schedules move with every change of the kernel; the numbers of preemptions are held by a test.

@kernel

## Which search finds what

Schedules until the bug shows. Of \`pct\` and \`random\` the middle one of 9 seeds, in the kernel one seed; \`>\` where it does not within
so many; \`–\` where a kernel is too large for a search of all schedules.

@found

## What the reduction saves

Executions of the correct twins, all of which both searches run: plain depth-first search every schedule (up to
${count(MOST.bare.correct)}), \`dpor\` those that partial-order reduction leaves. A test holds both to the same outcomes.

@twins
`;
