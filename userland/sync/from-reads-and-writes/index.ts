/** Locks made of loads and stores alone: for study, not for use. */
export { BakeryLock } from './bakery.ts';
export type { NumberedLock, NumberedLockOptions } from './numbered-lock.ts';
export { PetersonLock } from './peterson.ts';
