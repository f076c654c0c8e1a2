/** A region that a thread has entered: the call that holds it, until it is left. */
import { type Call, NO_CALL } from '../objects/calls.ts';
import type { ObjRef } from '../objects/translation-table.ts';

export interface Entered {
  /** 0, or why the region was not entered. */
  readonly error: number;
  readonly ref: ObjRef;
  readonly call: Call;
}

/** No region was entered. */
export const refused = (error: number): Entered => ({ error, ref: 0, call: NO_CALL });
