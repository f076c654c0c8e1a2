/** Two threads add 1 to a counter under locks without atomic instructions: every execution, on both kinds of machine. */
import { count, LOCK, type Model } from '../../../test/lab/explore/counting.ts';
import { AnnounceThenLook } from '../../../test/zoo/from-reads-and-writes/announce-then-look.ts';
import { LookThenTake } from '../../../test/zoo/from-reads-and-writes/look-then-take.ts';
import { BakeryLock, type NumberedLock, PetersonLock } from '../../../userland/sync/index.ts';

const LOCKS: readonly (readonly [string, NumberedLock])[] = [
  ['look, then take', new LookThenTake(LOCK)],
  ['announce, then look', new AnnounceThenLook(LOCK)],
  ['Peterson', new PetersonLock(LOCK, { fences: false })],
  ['Peterson with fence', new PetersonLock(LOCK)],
  ['bakery', new BakeryLock(LOCK, 2, { fences: false })],
  ['bakery with fences', new BakeryLock(LOCK, 2)],
];

function describe(lock: NumberedLock, model: Model): string {
  const { executions, ends } = count(lock, [1, 1], model);
  const lost = ends.get('finished 1 of 2');
  const stuck = ends.get('deadlock 0 of 2');
  const bad = lost ? `, ${lost} count 1` : stuck ? `, ${stuck} gets stuck` : '';
  return `${String(executions).padStart(3)} executions${bad}`;
}

console.log(`${''.padEnd(21)} ${'sc'.padEnd(29)} tso`);
for (const [name, lock] of LOCKS) {
  console.log(`${name.padEnd(21)} ${describe(lock, 'sc').padEnd(29)} ${describe(lock, 'tso')}`);
}
