/** What is claimed about the scaling of page faults, of the making of threads and of fstat, and how the rows tell. */
import { atLeast, atMost } from '../framework/band.ts';
import type { Claim, Finding, Row } from '../framework/experiment.ts';
import { figure, valuesOf, worstMachine } from '../framework/rows.ts';

const TORNADO = 'Gamsa et al., Tornado, OSDI 1999';
const MOST = 16;

export const TESTS = ['fault', 'thread', 'fstat'] as const;

const WHAT: Readonly<Record<(typeof TESTS)[number], string>> = {
  fault: 'a page fault that finds its page in memory',
  thread: 'making and joining a thread',
  fstat: 'an fstat by LRPC, of a file of its own with a binding of its own,',
};

/** The paper's word for the commercial systems; of fstat the notes say less. */
const PAPER_T2: Readonly<Record<(typeof TESTS)[number], Claim['paper']>> = {
  fault: { value: 'order of magnitude (AIX, Solaris, IRIX)', tag: 'F2' },
  thread: { value: 'order of magnitude (AIX, Solaris, IRIX)', tag: 'F2' },
  fstat: { value: 'worse with threads than processes, milder (AIX, Solaris, IRIX)', tag: 'M' },
};

/** How many times as long an operation takes when sixteen do it as when one does. */
const growth = (rows: readonly Row[], where: Readonly<Record<string, string>>): number =>
  figure(rows, 'perOperation', { ...where, harts: MOST }) /
  figure(rows, 'perOperation', { ...where, harts: 1 });

/** Of both kernels and all machines, the one that does worst. */
function worstOfAll(rows: readonly Row[], test: string): Finding {
  const kernels = valuesOf(rows, 'vm').map(String);
  const found = kernels.map((vm) => ({
    vm,
    ...worstMachine(
      rows,
      (machine) => growth(rows, { machine, vm, test, form: 'processes' }),
      (...values) => Math.max(...values),
    ),
  }));
  return {
    value: Math.max(...found.map(({ value }) => value)),
    note: found.map(({ vm, note }) => `${vm}: ${note}`).join('; '),
  };
}

export const CLAIMS: readonly Claim[] = TESTS.flatMap((test): Claim[] => [
  {
    id: `t1-${test}`,
    text: `Clustered objects: ${WHAT[test]} takes no longer when all threads of a process do it: with ${MOST} / with 1, the worst machine.`,
    source: TORNADO,
    paper: { value: 'constant to 16 processors', tag: 'F2' },
    band: atMost(1.5),
    measured: (rows) =>
      worstMachine(
        rows,
        (machine) => growth(rows, { machine, vm: 'objects', test, form: 'threads' }),
        Math.max,
      ),
  },
  {
    id: `t2-${test}`,
    text: `One of everything, and a lock on it: the same, the least machine.`,
    source: TORNADO,
    paper: PAPER_T2[test],
    band: atLeast(8),
    measured: (rows) =>
      worstMachine(
        rows,
        (machine) => growth(rows, { machine, vm: 'traditional', test, form: 'threads' }),
        Math.min,
      ),
  },
  {
    id: `t3-${test}`,
    text: `It is the threads, not their number: the same by ${MOST} processes of one thread, the worst of both kernels and all machines.`,
    source: TORNADO,
    paper: { value: 'flat; modest for the others', tag: 'F2' },
    band: atMost(2),
    measured: (rows) => worstOfAll(rows, test),
  },
]);
