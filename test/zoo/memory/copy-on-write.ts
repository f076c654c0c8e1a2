/**
 * A store to a page that fork has shared: the only owner may write to it, and others get a copy. The fault
 * reads the reference count without the lock; in the correct twin it looks and maps under the lock, as fork does.
 */
import { awaitTestAndSet, type Code, load, store } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const LOCK = word(0);
const REFERENCES = word(1);
/** Page-table entries. */
const PARENT = word(2);
const CHILD = word(3);
const READABLE = 1;
const WRITABLE = 2;

function* fault(): Code {
  if ((yield load(REFERENCES)) === 1) yield store(PARENT, WRITABLE);
}

function* fork(): Code {
  yield store(REFERENCES, 2);
  yield store(PARENT, READABLE);
  yield store(CHILD, READABLE);
}

function* locked(body: Code): Code {
  yield awaitTestAndSet(LOCK);
  yield* body;
  yield store(LOCK, 0);
}

const sharing = (looksUnderLock: boolean): Form => ({
  code: (hart) => (hart === 1 ? locked(fork()) : looksUnderLock ? locked(fault()) : fault()),
  *end() {
    check((yield load(PARENT)) !== WRITABLE, 'a page with two owners is writable');
  },
});

export default bug({
  id: 'V04',
  title: 'copy-on-write count read without the lock',
  wrong: 'A fault finds one owner, and makes the page writable after fork has made it two.',
  shows: 'assertion',
  modelPreemptions: 1,
  initially: { [REFERENCES]: 1, [PARENT]: READABLE },
  faulty: sharing(false),
  correct: sharing(true),
});
