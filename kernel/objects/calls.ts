/**
 * A call of an object that can be replaced while it is in use. `beginCall` gives the representative that the call runs
 * on, and `endCall` must follow it; between them the thread may block. In normal times a call costs what `deref`
 * costs, and a look at the class word, which the caller needs anyway to choose a view.
 */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { Mediator } from './mediator.ts';
import { LOOK_AGAIN, REP } from './root.ts';
import { type ObjRef, tryDeref } from './translation-table.ts';

/** A call that has begun. */
export interface Call {
  /** The representative, or 0: there is no such object (any more), and nothing to end. */
  readonly rep: number;
  /** Its class word. */
  readonly word: number;
  /** The mediator that counts the call, or 0. */
  readonly mediator: number;
}

/** The call of an object that is not there. */
export const NO_CALL: Call = Object.freeze({ rep: 0, word: 0, mediator: 0 });

// DOC: begin-call
/**
 * Begins a call on this hart's representative. For a reference that comes from a user program, `wanted` says which
 * class words its object may have: of another one no representative is made.
 */
export function* beginCall(ref: ObjRef, wanted?: (classWord: number) => boolean): Code<Call> {
  for (;;) {
    const rep = yield* tryDeref(ref, wanted);
    if (rep === 0) return NO_CALL;
    const word = yield load(rep + REP.class);
    if (word !== CLASS.mediator) return { rep, word, mediator: 0 };
    const old = yield* new Mediator(rep).enter(yield csrRead('slocal'));
    if (old === LOOK_AGAIN) continue;
    return old === 0 ? NO_CALL : { rep: old, word: yield load(old + REP.class), mediator: rep };
  }
}

/** Ends a call. */
export function* endCall({ mediator }: Call): Code {
  if (mediator !== 0) yield* new Mediator(mediator).leave(yield csrRead('slocal'));
}
