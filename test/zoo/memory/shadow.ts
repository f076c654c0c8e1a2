/**
 * A monitor fills a shadow page-table entry from a guest's entry that the guest changes meanwhile. The guest's
 * fence drops the shadow, but the fill comes later. The correct twin reads the guest's entry again afterwards.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const GUEST = word(0);
const SHADOW = word(1);
const NONE = 0;
const BEFORE = 1;
const AFTER = 2;

function* fillOnce(): Code {
  yield store(SHADOW, yield load(GUEST));
}

function* fillAndLook(): Code {
  let entry: number;
  do {
    entry = yield load(GUEST);
    yield store(SHADOW, entry);
  } while ((yield load(GUEST)) !== entry);
}

function* remap(): Code {
  yield store(GUEST, AFTER);
  // The guest's sfence.vma, which the monitor emulates.
  yield store(SHADOW, NONE);
}

const shadowing = (fill: () => Code): Form => ({
  code: (hart) => (hart === 0 ? fill() : remap()),
  *end() {
    check((yield load(SHADOW)) !== BEFORE, 'the shadow has an entry that the guest has fenced off');
  },
});

export default bug({
  id: 'H01',
  title: 'shadow filled from an entry that changed',
  wrong: 'The guest changes its entry and fences between the look of the monitor and its fill.',
  shows: 'assertion',
  modelPreemptions: 1,
  initially: { [GUEST]: BEFORE },
  faulty: shadowing(fillOnce),
  correct: shadowing(fillAndLook),
});
