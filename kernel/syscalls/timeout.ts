/** Time-outs, as programs give them. */
import { LIMIT } from '../abi/flags.ts';

/** Whether a program may ask for such a time-out: 0 is for ever. */
export const isTimeout = (cycles: number): boolean => cycles >= 0 && cycles <= LIMIT.CYCLES;
