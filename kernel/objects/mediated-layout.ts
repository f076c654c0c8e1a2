/** MEDIATED: a mediator that the caller is inside a call of (0: the entry is free), and how many calls deep. */
import { struct, word } from '../struct.ts';

export const MEDIATED = struct({ mediator: word, depth: word });

/** Objects that a caller can be inside of at once while they are being replaced: a region and its FCM, and spare. */
export const MEDIATED_CALLS = 4;
