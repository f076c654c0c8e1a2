/** What is claimed about protected procedure calls, and how the rows tell. */
import { atLeast, atMost, below, exactly } from '../framework/band.ts';
import type { Claim, Row } from '../framework/experiment.ts';
import { figure, numberIn, pick, worstMachine } from '../framework/rows.ts';
import type { Scene } from './callers.ts';

const GAMSA =
  'Gamsa, Krieger & Stumm, Optimizing IPC Performance for Shared-Memory Multiprocessors, ICPP 1994';
const MOST = 16;

const throughput = (rows: readonly Row[], machine: string, scene: Scene, harts: number): number =>
  figure(rows, 'throughput', { machine, scene, harts });

const mostOf = (key: string, id: string, text: string): Claim => ({
  id,
  text,
  source: GAMSA,
  paper: { value: 0, tag: 'F' },
  band: exactly(0),
  measured: (rows) => Math.max(...pick(rows, { scene: 'null' }).map((row) => numberIn(row, key))),
});

const staysNear = (id: string, text: string, calls: string, memory: string): Claim => ({
  id,
  text: `${text}, ${MOST} harts, the worst machine.`,
  source: 'Gamsa et al., Tornado, OSDI 1999: calls keep representatives consistent',
  paper: null,
  band: below(1),
  measured: (rows) =>
    worstMachine(
      rows,
      (machine) =>
        figure(rows, 'perRead', { machine, scene: calls, harts: MOST }) /
        figure(rows, 'perRead', { machine, scene: memory, harts: MOST }),
      Math.max,
    ),
});

export const CLAIMS: readonly Claim[] = [
  {
    id: 'p1-perfect-speedup',
    text: `All harts call one server: calls in a time with ${MOST} harts / with 1, the worst machine.`,
    source: GAMSA,
    paper: { value: 'perfect speedup', tag: 'F' },
    band: atLeast(15),
    measured: (rows) =>
      worstMachine(
        rows,
        (machine) => throughput(rows, machine, 'null', MOST) / throughput(rows, machine, 'null', 1),
        Math.min,
      ),
  },
  mostOf(
    'sharedLines',
    'p1-nothing-shared',
    'The kernel touches no line that another hart writes: such lines on the way of a call, the most of any row.',
  ),
  mostOf('locks', 'p1-no-locks', 'The kernel takes no lock: locks taken by a call, the most of any row.'),
  {
    id: 'p2-shared-lock-saturates',
    text: `If the server itself holds a lock that all workers share, it saturates: calls in a time with ${MOST} harts / with 2, the worst machine.`,
    source: GAMSA,
    paper: null,
    band: atMost(1.5),
    measured: (rows) =>
      worstMachine(
        rows,
        (machine) => throughput(rows, machine, 'locked', MOST) / throughput(rows, machine, 'locked', 2),
        Math.max,
      ),
  },
  {
    id: 'faster-than-messages',
    text: 'On one hart a call is faster than the same by messages, with direct handoff: time of a null call, by protected call / by message, the worst machine.',
    source: GAMSA,
    paper: null,
    band: below(1),
    measured: (rows) =>
      worstMachine(
        rows,
        (machine) =>
          figure(rows, 'perCall', { machine, scene: 'null', harts: 1 }) /
          figure(rows, 'perCall', { machine, scene: 'message', harts: 1 }),
        Math.max,
      ),
  },
  staysNear(
    'representatives-stay-near',
    'Representatives that each hart changes itself, asked by a call, are read as if nothing had happened: time of a read after a change by calls / after one by shared memory',
    'calls',
    'memory',
  ),
  staysNear(
    'kernel-copies-stay-near',
    'So are the copies of a counter of the kernel: time of counterRead after a counterAdd with kernel.objects.consistency=calls / with shared',
    'counter-calls',
    'counter-memory',
  ),
];
