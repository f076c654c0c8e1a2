/**
 * A program under the kernel as the subject of a search, with all that the search needs: for a kernel with a planted
 * bug, this module and all that it imports are loaded a second time (planted.ts), and have nothing in common with the
 * first.
 *
 * The kernel boots, and the program runs up to its `exploreHere()`, in the order of time; from there on the arbiter
 * decides, about interrupts and devices, too. What can break: a panic, a deadlock, the kernel's invariants, the program's status; and where the program
 * says that it has given a page up, no TLB may hold that page any more.
 */
import { MARK } from '../../../hw/isa/index.ts';
import { Machine, type Stop } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { bootKernel, checkInvariants, panicText } from '../../../kernel/index.ts';
import type { Failure, Subject } from '../../../lab/explore/subject.ts';
import { ON_DISK, SCENES, type SceneName } from './scenes/index.ts';

export { parseSchedule } from '../../../lab/explore/schedule.ts';
export { executeBy } from '../../../lab/explore/subject.ts';
export { measure } from '../table/measure.ts';
export { WAYS } from '../table/searches.ts';
export { Window } from './window.ts';

const SMALL = {
  memoryPerNode: 1 << 20,
  l1: { size: 4096, ways: 2, line: 64 },
  disk: { blocks: 64, seek: 0, transfer: 1 },
} as const;
/** More steps than any scene takes. */
const STEPS = 60_000;

/** A scene, to be searched. */
export function subjectOf(name: SceneName): Subject {
  const { program, harts = 2, options = {}, mayDie = false } = SCENES[name];
  const config = presetConfig('smp', { harts, set: SMALL });
  const boot = (): Machine => {
    const machine = new Machine(config);
    machine.disk.image.fill(ON_DISK);
    bootKernel(machine, { entry: program.entry, parameters: [], options: { refsPerHart: 64, ...options } });
    return machine;
  };
  const before = stepsOf(name, boot);
  return {
    steps: STEPS,
    start() {
      const machine = boot();
      machine.run({ instructions: before });
      machine.chooseEvents();
      const unmapped = watchUnmapped(machine);
      return { machine, judge: (stop) => unmapped.failure ?? judge(machine, stop, mayDie) };
    },
  };
}

const known = new Map<SceneName, number>();

/** Steps in the order of time before the program sets its mark; they are always the same. */
function stepsOf(name: SceneName, boot: () => Machine): number {
  const steps = known.get(name) ?? stepsBefore(boot());
  known.set(name, steps);
  return steps;
}

function stepsBefore(machine: Machine): number {
  let isPassed = false;
  machine.trace.attach({
    event: (event) => {
      if (event.kind === 'mark' && event.mark === MARK.searchFrom) isPassed = true;
    },
  });
  for (let steps = 0; steps < STEPS; steps++) {
    if (machine.run({ instructions: 1 }).kind !== 'budget') break;
    if (isPassed) return steps;
  }
  throw new Error('the scene never says where the search begins');
}

/** Looks for TLB entries of a page where the program says that it has been unmapped. */
function watchUnmapped(machine: Machine): { failure: Failure | undefined } {
  const found: { failure: Failure | undefined } = { failure: undefined };
  machine.trace.attach({
    event: (event) => {
      if (event.kind !== 'mark' || event.mark !== MARK.freed) return;
      for (let hart = 0; hart < machine.harts; hart++) {
        const isStale = machine
          .tlbEntries(hart)
          .some(({ asid, page }) => asid !== 0 && page === event.a >>> 12);
        if (isStale) found.failure ??= { invariant: 'tlb', message: `hart ${hart} can still reach the page` };
      }
    },
  });
  return found;
}

function judge(machine: Machine, stop: Stop, mayDie: boolean): Failure | undefined {
  if (stop.kind === 'panic') return { invariant: 'panic', message: panicText(stop.code) };
  if (stop.kind === 'budget') return { invariant: 'steps', message: 'goes on for ever' };
  if (stop.kind === 'crashed') return { invariant: 'crash', message: stop.message };
  const broken = checkInvariants(machine).find(({ ok }) => !ok);
  if (stop.kind === 'halted' && broken !== undefined)
    return { invariant: `invariant.${broken.id}`, message: broken.detail };
  if (stop.kind !== 'halted') return { invariant: stop.kind, message: stop.kind };
  if (stop.status === 0 || mayDie) return undefined;
  return { invariant: 'status', message: `the program ends with status ${stop.status}` };
}
