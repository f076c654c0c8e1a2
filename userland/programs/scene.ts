/**
 * Scenes for a scheduler: threads that are led step by step through a situation, each by words on which it sleeps, and
 * are allowed on the harts that the scene wants them on.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { futexWait, futexWake, threadSetAffinity } from '../runtime/system-calls.ts';

const EVERYBODY = 1024;

/** Sleeps until the word is `wanted`, or more. */
export function* awaitCue(word: number, wanted = 1): Code {
  for (let value = yield load(word); value < wanted; value = yield load(word))
    yield* futexWait(word, value, 0);
}

/** Sets the word, and lets those go on who sleep on it. */
export function* giveCue(word: number, value = 1): Code {
  yield store(word, value);
  orThrow('futexWake', yield* futexWake(word, EVERYBODY));
}

/**
 * Allows a thread on some of the first 32 harts.
 * @param scratch address of a word that nobody else uses
 */
export function* allowOn(thread: number, harts: readonly number[], scratch: number): Code {
  yield store(
    scratch,
    harts.reduce((bits, hart) => bits | (1 << hart), 0),
  );
  orThrow('threadSetAffinity', yield* threadSetAffinity(thread, scratch, 1));
}
