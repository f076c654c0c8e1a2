import { describe, expect, test } from 'vitest';
import { STATE } from '../../../hw/coherence/protocol.ts';
import { type Code, panic, work } from '../../../hw/isa/index.ts';
import { Process } from '../../../kernel/vm/process.ts';
import { parseCase } from '../../../lab/fuzz/case-text.ts';
import { Trial } from '../../../lab/fuzz/trial.ts';

const run = (text: string) => new Trial(parseCase(text)).run();

describe('a run is well', () => {
  test.each([
    ['when threads wait for each other for ever', 'thread 0; mmap 0, 4096, 3, 0; futexWait r0, 0, 0'],
    [
      'when a thread waits for one that waits for ever',
      'thread 0; threadSpawn @1, 0, -1; threadJoin r0, 0; thread 1; mmap 0, 4096, 3, 0; futexWait r0, 0, 0',
    ],
    [
      'when a process waits for one that waits for ever',
      'thread 0; spawn @1, 0, -1; wait r0, 0; thread 1; mmap 0, 4096, 3, 0; futexWait r0, 0, 0',
    ],
    ['when its first process is ended by an exception', 'thread 0; load 4'],
    ['when nobody is left but its first process goes on', 'thread 0; sleep 1000000000; sleep 1000000000'],
    ['by any arbiter', 'schedule random 5; thread 0; threadSpawn @1, 0, 1; threadExit 0; thread 1; yield'],
    ['by a schedule', 'schedule 3>h1; thread 0; threadSpawn @1, 0, 1; threadExit 0; thread 1; yield'],
  ])('%s', (_, text) => {
    expect(run(text)).toBeUndefined();
  });
});

/** What comes of a program that maps memory, on a kernel that does something else instead. */
function mapping(map: () => Code<number>) {
  const original = Process.prototype.map;
  Process.prototype.map = map;
  try {
    return run('thread 0; mmap 0, 4096, 3, 0');
  } finally {
    Process.prototype.map = original;
  }
}

describe('a run fails', () => {
  test('when the kernel does not come to an end', () => {
    const failure = mapping(function* () {
      for (;;) yield work(1);
    });
    expect(failure).toEqual({ invariant: 'hang', message: 'it does not end' });
  });

  test('when the kernel panics or throws', () => {
    const panics = mapping(function* () {
      return yield panic(5);
    });
    expect(panics).toEqual({
      invariant: 'panic.5',
      message: 'kernel panic on hart 0: A reference without an object was dereferenced.',
    });
    const throws = mapping(() => {
      throw new TypeError('no such thing');
    });
    expect(throws?.invariant).toBe('crash');
    expect(throws?.message).toContain('no such thing');
  });

  test('when a copy in a cache is not what it should be', () => {
    const trial = new Trial(parseCase('thread 0; mmap 0, 4096, 3, 0; load r0'));
    expect(trial.run()).toBeUndefined();
    const { caches, memory } = trial.machine;
    const slot = caches.state.findIndex((state) => state === STATE.E || state === STATE.S);
    const word = (caches.line[slot] as number) * caches.lineWords;
    memory.words[word] = (memory.words[word] as number) ^ 1;
    expect(trial.judge({ kind: 'halted', status: 0 })?.invariant).toBe('coherence');
  });
});
