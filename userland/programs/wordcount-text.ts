/**
 * The text of `wordcount`: what the disk holds from its first block on (`eddy run --disk FILE`), mapped into memory.
 * If there is nothing, a text is made up and written there first: few words often, many seldom, as in real ones.
 */
import { type Code, load, store8 } from '../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../kernel/abi/index.ts';
import { roundUp } from '../runtime/line.ts';
import { nextRandom } from '../runtime/random.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { mmap, munmap } from '../runtime/system-calls.ts';

/** Different words of a made-up text, at most. */
const VOCABULARY = 200;
const SYLLABLES = ['ba', 'do', 'ki', 'lu', 'me', 'no', 'ra', 'si', 'tu', 've'];

/** Maps so many bytes of the disk, and gives their address. */
export function* mapText(bytes: number): Code<number> {
  const length = roundUp(bytes, LIMIT.PAGE);
  const text = orThrow('mmap', yield* mmap(0, length, MAP.READ | MAP.WRITE | MAP.DISK, 0));
  if ((yield load(text)) === 0) yield* makeUp(text, bytes);
  // Nothing of it is in memory from here on: whoever reads faults it in.
  orThrow('munmap', yield* munmap(text, length));
  return orThrow('mmap', yield* mmap(0, length, MAP.READ | MAP.DISK, 0));
}

function* makeUp(text: number, bytes: number): Code {
  let random = nextRandom(1);
  for (let at = 0; at < bytes; ) {
    random = nextRandom(random);
    // The lesser of two: the first words of the vocabulary are frequent.
    const rank = Math.min((random >>> 8) % VOCABULARY, (random >>> 20) % VOCABULARY);
    for (const letter of `${wordOf(rank)} `) {
      if (at < bytes) yield store8(text + at++, letter.codePointAt(0) as number);
    }
  }
}

function wordOf(rank: number): string {
  let word = '';
  for (let rest = rank + 1; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    word += SYLLABLES[rest % SYLLABLES.length];
  return word;
}
