/** Programs that bring the kernel to the places where bugs are planted. */
import type { KernelOptions } from '../../../../kernel/index.ts';
import type { Program } from '../../../../userland/index.ts';
import { aStacks } from './a-stacks.ts';
import { callAgain, callOnce, callRemote } from './calls.ts';
import { exitWhileWaiting } from './exit.ts';
import { fault, faultOfTwoOthers } from './fault.ts';
import { futex } from './futex.ts';
import { readOnly } from './read-only.ts';
import { barrierTwice, mutexHandover, mutexInherited, mutexTimeout } from './sync.ts';
import { unmap } from './unmap.ts';
import { unmapBoth } from './unmap-both.ts';
import { unmapFault } from './unmap-fault.ts';
import { unmapTwice } from './unmap-twice.ts';

export { ON_DISK } from './fault.ts';

export interface Scene {
  readonly program: Program;
  /** By default 2. */
  readonly harts?: number;
  /** Options of the kernel. */
  readonly options?: KernelOptions;
  /** Whether the program may be ended by an exception, which is then right. */
  readonly mayDie?: boolean;
}

const ALL = {
  unmap: { program: unmap, mayDie: true },
  'unmap-twice': { program: unmapTwice },
  'unmap-both': { program: unmapBoth },
  'unmap-fault': { program: unmapFault, mayDie: true },
  fault: { program: fault },
  'fault-of-two-others': {
    program: faultOfTwoOthers,
    harts: 4,
    // The two others share a representative, which neither has yet.
    options: { 'objects.region': 'group:2' },
  },
  futex: { program: futex },
  'exit-while-waiting': { program: exitWhileWaiting },
  'mutex-handover': { program: mutexHandover },
  'mutex-inherited': { program: mutexInherited },
  'mutex-timeout': { program: mutexTimeout },
  'barrier-twice': { program: barrierTwice },
  'call-once': { program: callOnce },
  'call-again': { program: callAgain },
  'call-remote': { program: callRemote },
  'a-stacks': { program: aStacks },
  'read-only': { program: readOnly, mayDie: true },
} as const satisfies Readonly<Record<string, Scene>>;

export type SceneName = keyof typeof ALL;

/** How many harts a scene has. */
export const hartsOf = (name: SceneName): number => SCENES[name].harts ?? 2;

export const SCENES: Readonly<Record<SceneName, Scene>> = ALL;
