/** Misuse of kernel locks stops the kernel with a name; right use is marked for those who look on. */
import { describe, expect, test } from 'vitest';
import { type Code, MARK, markName } from '../../../hw/isa/index.ts';
import { LOCK_LEVELS } from '../../../kernel/hart-local.ts';
import { acquire, release } from '../../../kernel/locks/mcs.ts';
import { acquireRead, acquireWrite, releaseRead, releaseWrite } from '../../../kernel/locks/reader-writer.ts';
import { acquireSpin, releaseSpin } from '../../../kernel/locks/spin.ts';
import { PANIC } from '../../../kernel/panics.ts';
import { onHarts, word } from './on-harts.ts';

const A = word(0);
const B = word(4);

const stopOf = (program: () => Code): unknown => onHarts([program]).run();
const panicked = (code: number): unknown => expect.objectContaining({ kind: 'panic', code });

describe('stops the kernel:', () => {
  test.each([
    ['an MCS lock', release],
    ['a spin lock', releaseSpin],
    ['a reader-writer lock by a reader', releaseRead],
    ['a reader-writer lock by a writer', releaseWrite],
  ])('giving up %s that is not held', (_, give) => {
    expect(stopOf(() => give(A))).toEqual(panicked(PANIC.lockOrder));
  });

  test('giving up a spin lock that somebody else might take, twice', () => {
    function* twice(): Code {
      yield* acquireSpin(B);
      yield* acquireSpin(A);
      yield* releaseSpin(A);
      yield* releaseSpin(A);
    }
    expect(stopOf(twice)).toEqual(panicked(PANIC.lockOrder));
  });

  test('a reader that leaves, though only a writer came', () => {
    function* confused(): Code {
      yield* acquireWrite(A);
      yield* releaseRead(A);
    }
    expect(stopOf(confused)).toEqual(panicked(PANIC.negativeCount));
  });

  test('MCS locks given up in the order of taking', () => {
    function* crossed(): Code {
      yield* acquire(A);
      yield* acquire(B);
      yield* release(A);
    }
    expect(stopOf(crossed)).toEqual(panicked(PANIC.lockOrder));
  });

  test.each([
    ['MCS', acquire],
    ['spin', acquireSpin],
    ['reader-writer', acquireRead],
  ])('more %s locks than there are levels', (_, take) => {
    function* greedy(): Code {
      for (let index = 0; index <= LOCK_LEVELS; index++) yield* take(word(4 * index));
    }
    expect(stopOf(greedy)).toEqual(panicked(PANIC.lockNesting));
  });
});

test.each([
  ['MCS', acquire, release],
  ['spin', acquireSpin, releaseSpin],
  ['reader-writer (reading)', acquireRead, releaseRead],
  ['reader-writer (writing)', acquireWrite, releaseWrite],
])('the %s lock says that it is wanted, held and given up', (_, take, give) => {
  const machine = onHarts([
    function* () {
      yield* take(A);
      yield* give(A);
    },
  ]);
  const marks: string[] = [];
  machine.trace.attach({
    event: (event) => {
      if (event.kind === 'mark' && event.a === A) marks.push(markName(event.mark));
    },
  });
  machine.run();
  expect(marks).toEqual([MARK.lockWanted, MARK.lockAcquired, MARK.lockReleased].map(markName));
});
