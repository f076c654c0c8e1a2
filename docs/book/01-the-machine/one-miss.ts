/** What an access costs, by where the line is: the same accesses on three machines, and the line's states after each. */
import { STATES } from '../../../hw/coherence/transition.ts';
import { type Instruction, load, store } from '../../../hw/isa/index.ts';
import { type Act, OneAtATime } from './one-at-a-time.ts';

const MACHINES = {
  'cc-numa': { harts: 4, nodes: 4 },
  smp: { harts: 4 },
  'dance-hall': { harts: 4 },
} as const;

/** x, on node 0, and y and z, on nodes 1 and 3 where there are nodes. */
const X = 0x1_0000;
const Y = (1 << 26) + X;
const Z = 3 * (1 << 26) + X;

const machines = Object.entries(MACHINES).map(([preset, choice]) => new OneAtATime(preset, choice));

/** The line of an address in the caches of harts 0 to 3. */
const states = ({ machine }: OneAtATime, address: number): string =>
  [0, 1, 2, 3]
    .map((core) => machine.caches.locate(core, address >>> machine.caches.lineShift))
    .map((slot) => (slot < 0 ? '·' : STATES[machine.caches.state[slot] as number]))
    .join(' ');

function show(what: string, address: number, acts: readonly Act[]): void {
  const cycles = machines.map((machine) => {
    const all = machine.together(acts).map((result) => result.cycles);
    return all.toSorted((left, right) => left - right).join(' ');
  });
  const [after] = machines.map((machine) => states(machine, address));
  console.log(`${what.padEnd(31)} ${cycles.map((text) => text.padEnd(12)).join('')} ${after}`);
}

const one = (hart: number, what: () => Instruction): Act[] => [{ hart, what }];

console.log(
  `${''.padEnd(31)} ${Object.keys(MACHINES)
    .map((name) => name.padEnd(12))
    .join('')} 0 1 2 3`,
);
show(
  'hart 0 loads x (node 0)',
  X,
  one(0, () => load(X)),
);
show(
  'hart 0 loads x again',
  X,
  one(0, () => load(X)),
);
show(
  'hart 0 loads y (node 1)',
  Y,
  one(0, () => load(Y)),
);
show(
  'hart 0 loads z (node 3)',
  Z,
  one(0, () => load(Z)),
);
show(
  'hart 0 stores x',
  X,
  one(0, () => store(X, 1)),
);
show(
  'hart 1 loads x',
  X,
  one(1, () => load(X)),
);
show(
  'hart 0 stores x',
  X,
  one(0, () => store(X, 2)),
);
show(
  'hart 1 stores x',
  X,
  one(1, () => store(X, 3)),
);
show(
  'harts 0, 2, 3 load x at once',
  X,
  [0, 2, 3].map((hart) => ({ hart, what: () => load(X) })),
);
show(
  'hart 0 stores x',
  X,
  one(0, () => store(X, 4)),
);
