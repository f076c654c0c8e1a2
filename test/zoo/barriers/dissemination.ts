/**
 * A dissemination barrier (Hensgen, Finkel & Manber, 1988) with one flag per round; the correct twin has two,
 * used in turn by the episodes. In each round a thread sets the flag of the one that is 2^round further on,
 * waits for its own, and takes it down.
 */
import { type Code, spinUntil, store } from '../../../hw/isa/index.ts';
import { episodes, type NumberedBarrier } from './episodes.ts';
import { bug, word } from '../bug.ts';

class Dissemination implements NumberedBarrier {
  private readonly participants: number;
  private readonly sets: number;

  /** @param sets how many sets of flags the episodes use in turn */
  constructor(participants: number, sets: number) {
    this.participants = participants;
    this.sets = sets;
  }

  *wait(index: number, episode: number): Code {
    const { participants } = this;
    for (let round = 0; 1 << round < participants; round++) {
      yield store(this.flag((index + (1 << round)) % participants, round, episode), 1);
      yield spinUntil(this.flag(index, round, episode), 1);
      yield store(this.flag(index, round, episode), 0);
    }
  }

  private flag(index: number, round: number, episode: number): number {
    return word(index) + 4 * (2 * round + (episode % this.sets));
  }
}

export default bug({
  id: 'B03',
  title: 'dissemination barrier without parity',
  wrong: 'The flag of an episode is set again by the next one before it has been taken down, and is lost.',
  shows: 'deadlock',
  modelPreemptions: 0,
  faulty: episodes(new Dissemination(2, 1), 2, 2),
  correct: episodes(new Dissemination(2, 2), 2, 3),
});
