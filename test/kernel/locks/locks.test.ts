/**
 * The kernel's locks, in every execution of two harts that take them twice each: one holder at a time, or many readers,
 * and nobody waits for ever. Broken variants beside them must be caught by the same search.
 */
import { describe, expect, test } from 'vitest';
import { type Code, fetchAndAdd, load, spinUntil, store, testAndSet } from '../../../hw/isa/index.ts';
import { acquire, release } from '../../../kernel/locks/mcs.ts';
import {
  acquireRead,
  acquireWrite,
  READER_WRITER,
  releaseRead,
  releaseWrite,
} from '../../../kernel/locks/reader-writer.ts';
import { acquireSpin, releaseSpin } from '../../../kernel/locks/spin.ts';
import { allCounted, everyEnd, type Way } from './exclusion.ts';
import type { Model } from './on-harts.ts';

const mcs: Way = { acquire, release };
const spin: Way = { acquire: acquireSpin, release: releaseSpin };
const reader: Way = { acquire: acquireRead, release: releaseRead, reads: true };
const writer: Way = { acquire: acquireWrite, release: releaseWrite };

const DEEP = process.env['EDDY_DEEP'] !== undefined;
/** Under tso each of the second hart's visits makes more than twenty times as many executions. */
const twice = (way: Way, model: Model): Way[][] =>
  model === 'sc' || DEEP
    ? [
        [way, way],
        [way, way],
      ]
    : [[way, way], [way]];

/** The ways in which the executions end, which must have been all. */
function ends(visits: readonly (readonly Way[])[], model: Model = 'sc'): string[] {
  const found = everyEnd(visits, model);
  expect(found.exhausted).toBe(true);
  expect(found.executions).toBeGreaterThan(1);
  return [...found.ends.keys()].toSorted();
}

describe.each(['sc', 'tso'] as const)('in every execution under %s', (model) => {
  test.each([
    ['MCS', mcs],
    ['spin', spin],
    ['reader-writer, all writing,', writer],
  ])('the %s lock lets one hart in at a time', (_, way) => {
    const visits = twice(way, model);
    expect(ends(visits, model)).toEqual(allCounted(visits.flat().length));
  });

  test('readers see no half of what a writer writes, before and after it', () => {
    expect(ends([[reader, reader], [writer]], model)).toEqual(allCounted(1));
    expect(ends([[reader], [writer, writer]], model)).toEqual(allCounted(2));
  });
});

test('two harts that each read and write, in every execution', () => {
  expect(
    ends([
      [reader, writer],
      [reader, writer],
    ]),
  ).toEqual(allCounted(2));
});

test('two readers and a writer, in every execution', () => {
  expect(ends([[reader], [reader], [writer]])).toEqual(allCounted(1));
});

describe('a broken lock is caught:', () => {
  test('a reader that leaves by a load and a store', () => {
    const faulty: Way = {
      ...reader,
      *release(lock) {
        const readers = yield load(lock + READER_WRITER.readers);
        yield* releaseRead(lock);
        yield store(lock + READER_WRITER.readers, readers - 1);
      },
    };
    // Two that leave at once are counted as one: the writer waits for a reader that is not there.
    expect(ends([[faulty], [faulty, writer]])).toContain('deadlock, 0 of 1, 0 torn');
  });

  test('a writer that does not wait for the readers inside', () => {
    const faulty: Way = {
      ...writer,
      *acquire(lock) {
        yield* acquire(lock + READER_WRITER.gate);
      },
    };
    expect(ends([[reader], [faulty]])).toContain('finished, 1 of 1, 1 torn');
  });

  test('a reader that does not come through the gate', () => {
    const faulty: Way = {
      ...reader,
      *acquire(lock): Code {
        yield fetchAndAdd(lock + READER_WRITER.readers, 1);
      },
      *release(lock): Code {
        yield fetchAndAdd(lock + READER_WRITER.readers, -1);
      },
    };
    expect(ends([[faulty], [writer]])).toContain('finished, 1 of 1, 1 torn');
  });

  test('a spin lock that looks, then takes', () => {
    const faulty: Way = {
      *acquire(lock) {
        if ((yield load(lock)) !== 0) yield spinUntil(lock, 0);
        yield store(lock, 1);
      },
      *release(lock) {
        yield store(lock, 0);
      },
    };
    expect(ends([[faulty], [faulty]])).toContain('finished, 1 of 2, 0 torn');
  });

  test('a spin lock that is given up by a load and a test-and-set', () => {
    const faulty: Way = {
      ...spin,
      *release(lock) {
        yield testAndSet(lock);
      },
    };
    expect(ends([[faulty], [faulty]])).toEqual(['deadlock, 1 of 2, 0 torn']);
  });
});
