/** A central barrier whose waiters watch the count itself; the correct twin, the library's, has a sense. */
import { type Code, fetchAndAdd, spinUntil, store } from '../../../hw/isa/index.ts';
import { SenseReversingBarrier } from '../../../userland/index.ts';
import { bug, word } from '../bug.ts';
import { episodes, type NumberedBarrier } from './episodes.ts';

const COUNT = word(0);

class WatchTheCount implements NumberedBarrier {
  private readonly participants: number;

  constructor(participants: number) {
    this.participants = participants;
  }

  *wait(): Code {
    const before = yield fetchAndAdd(COUNT, 1);
    if (before === this.participants - 1) yield store(COUNT, 0);
    else yield spinUntil(COUNT, 0);
  }
}

export default bug({
  id: 'B02',
  title: 'central barrier without a sense',
  wrong: 'A fast thread comes back and counts itself before a slow one has seen the count at 0.',
  shows: 'deadlock',
  modelPreemptions: 0,
  faulty: episodes(new WatchTheCount(2), 2, 2),
  correct: episodes(new SenseReversingBarrier(COUNT, 2), 2, 2),
});
