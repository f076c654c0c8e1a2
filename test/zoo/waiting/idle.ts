/**
 * A hart that has nothing to do looks into its queue with interrupts masked, then enables them and halts. In the
 * correct twin they stay masked until it has halted: an interrupt that is pending ends a halt all the same.
 */
import {
  addressOf,
  type Code,
  csrWrite,
  INTERRUPT,
  load,
  sendInterrupt,
  SSTATUS,
  store,
  supervisorReturn,
  waitForInterrupt,
  work,
} from '../../../hw/isa/index.ts';
import { bug, type Form, word } from '../bug.ts';

const QUEUE = word(0);
const IDLE = 0;
/** Longer than an interrupt is under way. */
const LONG = 10_000;

function* handler(): Code {
  yield csrWrite('sip', 0);
  yield supervisorReturn();
}

function* idle(staysMasked: boolean): Code {
  yield csrWrite('stvec', yield addressOf(handler));
  yield csrWrite('sie', INTERRUPT.software);
  while ((yield load(QUEUE)) === 0) {
    if (!staysMasked) yield csrWrite('sstatus', SSTATUS.SIE);
    yield waitForInterrupt();
    yield csrWrite('sstatus', SSTATUS.SIE);
    yield csrWrite('sstatus', 0);
  }
}

function* enqueue(): Code {
  yield store(QUEUE, 1);
  yield sendInterrupt(IDLE);
  yield work(LONG);
}

const meeting = (staysMasked: boolean): Form => ({
  code: (hart) => (hart === IDLE ? idle(staysMasked) : enqueue()),
});

export default bug({
  id: 'W05',
  title: 'halt with interrupts enabled',
  wrong: 'The interrupt that tells of new work is taken between the look into the queue and the halt.',
  shows: 'deadlock',
  modelPreemptions: 1,
  faulty: meeting(false),
  correct: meeting(true),
});
