/** Harts that meet at a barrier again and again; none may leave an episode before all have entered it. */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { check, type Form, word } from '../bug.ts';

/** The word in which a hart says how many episodes it has entered. */
const entered = (hart: number): number => word(32 + hart);

/** A barrier to which each hart tells its number and that of the episode. */
export interface NumberedBarrier {
  wait(index: number, episode: number): Code;
}

export const episodes = (barrier: NumberedBarrier, harts: number, times: number): Form => ({
  *code(hart) {
    for (let episode = 0; episode < times; episode++) {
      yield store(entered(hart), episode + 1);
      yield* barrier.wait(hart, episode);
      for (let other = 0; other < harts; other++)
        check((yield load(entered(other))) > episode, `passed before hart ${other} had come`);
    }
  },
});
