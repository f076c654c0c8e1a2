/**
 * A spin lock that a timer handler takes, too. Whoever takes it elsewhere must mask interrupts first, as the
 * correct twin does: a handler that waits for the code that it has interrupted waits for ever.
 */
import {
  addressOf,
  awaitTestAndSet,
  type Code,
  csrRead,
  csrWrite,
  INTERRUPT,
  load,
  SSTATUS,
  store,
  supervisorReturn,
  work,
} from '../../../hw/isa/index.ts';
import { bug, type Form, word } from '../bug.ts';

const LOCK = word(0);
const TICKS = word(1);
/** The timer is due in so many cycles, and the other hart computes longer: time passes while this one stands. */
const SOON = 1000;
const LONG = 10_000;

function* countTick(): Code {
  yield awaitTestAndSet(LOCK);
  yield store(TICKS, (yield load(TICKS)) + 1);
  yield store(LOCK, 0);
}

function* handler(): Code {
  yield csrWrite('stimecmp', 0);
  yield* countTick();
  yield supervisorReturn();
}

function* count(masks: boolean): Code {
  yield csrWrite('stvec', yield addressOf(handler));
  yield csrWrite('sie', INTERRUPT.timer);
  yield csrWrite('stimecmp', (yield csrRead('time')) + SOON);
  yield csrWrite('sstatus', masks ? 0 : SSTATUS.SIE);
  yield* countTick();
  yield csrWrite('sstatus', SSTATUS.SIE);
  yield csrWrite('sstatus', 0);
}

function* compute(): Code {
  yield work(LONG);
}

const ticking = (masks: boolean): Form => ({ code: (hart) => (hart === 0 ? count(masks) : compute()) });

export default bug({
  id: 'W07',
  title: 'lock shared with a handler, interrupts on',
  wrong: 'The handler of the same hart spins on the lock that the code it has interrupted holds.',
  shows: 'deadlock',
  modelPreemptions: 1,
  faulty: ticking(false),
  correct: ticking(true),
});
