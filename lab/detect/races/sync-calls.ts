/** Which system calls about synchronization objects order what: by number, the arguments that name the objects. */
import { SYSCALL } from '../../../kernel/abi/index.ts';
import type { Actor } from '../actor.ts';

/** A call in which a thread lets others go on. */
const RELEASES: ReadonlyMap<number, readonly (0 | 1)[]> = new Map([
  [SYSCALL.mutexUnlock, [0]],
  [SYSCALL.rwlockUnlock, [0]],
  [SYSCALL.conditionWait, [1]],
  [SYSCALL.conditionWake, [0]],
  [SYSCALL.semaphorePost, [0]],
  [SYSCALL.barrierWait, [0]],
]);

/** A call after which a thread knows that others have let it go on. */
const ACQUIRES: ReadonlyMap<number, readonly (0 | 1)[]> = new Map([
  [SYSCALL.mutexLock, [0]],
  [SYSCALL.rwlockRead, [0]],
  [SYSCALL.rwlockWrite, [0]],
  [SYSCALL.conditionWait, [0, 1]],
  [SYSCALL.semaphoreWait, [0]],
  [SYSCALL.barrierWait, [0]],
]);

const NONE: readonly (0 | 1)[] = [];

export const releases = (number: number): readonly (0 | 1)[] => RELEASES.get(number) ?? NONE;
export const acquires = (number: number): readonly (0 | 1)[] => ACQUIRES.get(number) ?? NONE;

/** The object of a handle, as a channel. */
export const channelOf = (who: Actor, handle: number): string => `${who.space} object ${handle}`;
