/**
 * Whoever waits for a kernel lock answers shootdowns meanwhile: the holder may be the one who asks. In every execution
 * of a holder that asks the waiter, and of two that hold a lock each and ask each other.
 */
import { describe, expect, test } from 'vitest';
import { type Code, csrRead, load, spinUntil, store, testAndSet } from '../../../hw/isa/index.ts';
import { awaitAnswers, awaitChange, postRequest } from '../../../kernel/locks/mailbox.ts';
import { acquire, release } from '../../../kernel/locks/mcs.ts';
import { acquireRead, acquireWrite, releaseRead, releaseWrite } from '../../../kernel/locks/reader-writer.ts';
import { acquireSpin, releaseSpin } from '../../../kernel/locks/spin.ts';
import { everyExecution } from '../../../lab/explore/every-execution.ts';
import { LOCK, type Way } from './exclusion.ts';
import { localOf, onHarts, word } from './on-harts.ts';

const DONE = word(9);
const ASID = 1;

/** Has the hart at `target` drop its translations, and waits for the answer. */
function* ask(target: number): Code {
  yield* postRequest(yield csrRead('slocal'), target, ASID, 0, 0);
  yield* awaitAnswers(yield csrRead('slocal'), target);
}

function* asksUnderLock({ acquire: take, release: give }: Way): Code {
  yield* take(LOCK);
  yield* ask(localOf(1));
  yield* give(LOCK);
  yield store(DONE, 1);
}

/** Takes the lock, too; then it idles, as a dispatcher would, and answers what comes. */
function* waits({ acquire: take, release: give }: Way): Code {
  yield* take(LOCK);
  yield* give(LOCK);
  yield* awaitChange(yield csrRead('slocal'), DONE, 0);
}

function kindsOfEnd(holder: Way, waiter: Way): string[] {
  const kinds = new Set<string>();
  const { exhausted } = everyExecution(
    () => onHarts([() => asksUnderLock(holder), () => waits(waiter)]),
    (_, { kind }) => void kinds.add(kind),
  );
  expect(exhausted).toBe(true);
  return [...kinds];
}

const mcs: Way = { acquire, release };
const spin: Way = { acquire: acquireSpin, release: releaseSpin };
const reader: Way = { acquire: acquireRead, release: releaseRead };
const writer: Way = { acquire: acquireWrite, release: releaseWrite };

describe('the holder asks the waiter, who answers:', () => {
  test.each([
    ['MCS', mcs, mcs],
    ['spin', spin, spin],
    ['reader-writer, a writer after a reader', reader, writer],
    ['reader-writer, a reader after a writer', writer, reader],
  ])('%s', (_, holder, waiter) => expect(kindsOfEnd(holder, waiter)).toEqual(['finished']));
});

test('a waiter that does not look at its mailbox is caught', () => {
  const deaf: Way = {
    ...spin,
    *acquire(lock) {
      while ((yield testAndSet(lock)) !== 0) yield spinUntil(lock, 0);
    },
    *release(lock) {
      if ((yield load(lock)) === 1) yield store(lock, 0);
    },
  };
  expect(kindsOfEnd(spin, deaf)).toContain('deadlock');
});
