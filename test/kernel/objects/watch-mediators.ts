/** Counts from the host side what mediators do, so that a test can say that its cases were met. */
import { vi } from 'vitest';
import { type Code, load } from '../../../hw/isa/index.ts';
import { Mediator, MEDIATOR, PHASE } from '../../../kernel/objects/mediator.ts';

export interface Seen {
  /** Calls that came while the mediator blocks. */
  waited: number;
  /** Tokens that found calls inside when they came for a mediator. */
  tokenFoundCalls: number;
}

/** Begins to count; `vi.restoreAllMocks` ends it. */
export function watchMediators(): Seen {
  const seen: Seen = { waited: 0, tokenFoundCalls: 0 };
  const { enter, undisturbed } = Mediator.prototype;
  vi.spyOn(Mediator.prototype, 'enter').mockImplementation(function* (
    this: Mediator,
    local: number,
  ): Code<number> {
    if ((yield load(this.address + MEDIATOR.phase)) === PHASE.block) seen.waited += 1;
    return yield* enter.call(this, local);
  });
  vi.spyOn(Mediator.prototype, 'undisturbed').mockImplementation(function* (
    this: Mediator,
    local: number,
  ): Code {
    if ((yield load(this.address + MEDIATOR.inFlight)) !== 0) seen.tokenFoundCalls += 1;
    yield* undisturbed.call(this, local);
  });
  return seen;
}
