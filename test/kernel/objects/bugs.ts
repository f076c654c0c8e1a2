/** Bugs of the kernel's objects, each a change of one source file, that the random lives must meet. */
import type { Change } from '../../zoo/kernel/planted.ts';
import type { SCENES } from './scenes.ts';

export interface Planted extends Change {
  readonly name: string;
  /** The scenes in which it is looked for, and what is found. */
  readonly scenes: keyof typeof SCENES;
  readonly shows: RegExp;
}

const MEDIATOR = 'kernel/objects/mediator.ts';

export const BUGS: readonly Planted[] = [
  {
    name: 'memory is freed after one generation',
    file: 'kernel/objects/generations.ts',
    edits: [['(generation - since) | 0) < 2', '(generation - since) | 0) < 1']],
    scenes: 'holds',
    shows: /freed while it was held|panic|under a temporary reference/,
  },
  {
    name: 'the block phase ends while calls are in flight',
    file: MEDIATOR,
    edits: [
      [
        'if (!blocked || (yield load(this.address + MEDIATOR.inFlight)) !== 0) return',
        'if (!blocked) return',
      ],
    ],
    scenes: 'calls',
    shows: /after \d+ additions|panic|under a temporary reference/,
  },
  {
    name: 'new calls pass while the others are awaited',
    file: MEDIATOR,
    edits: [['(depth > 0 || phase === PHASE.forward)', '(depth > 0 || phase !== PHASE.completed)']],
    scenes: 'calls',
    shows: /after \d+ additions|panic|under a temporary reference/,
  },
  {
    name: 'calls from inside wait, too',
    file: MEDIATOR,
    edits: [['(depth > 0 || phase === PHASE.forward)', 'phase === PHASE.forward']],
    scenes: 'calls',
    shows: /did not end/,
  },
  {
    name: 'an entry of a translation table is filled after the lock of the root',
    file: 'kernel/objects/root.ts',
    edits: [
      [
        '      yield store(local + TRANSLATION_TABLE + (yield load(this.address + ROOT.ref)), rep);\n    }\n    yield* release(this.address + ROOT.lock);',
        '    }\n    yield* release(this.address + ROOT.lock);\n    if (state === ROOT_STATE.live)\n      yield store(local + TRANSLATION_TABLE + (yield load(this.address + ROOT.ref)), rep);',
      ],
    ],
    scenes: 'holds',
    shows: /installed|another representative|panic|freed while it was held|under a temporary reference/,
  },
  {
    name: 'the reference of an object is free when it is destroyed',
    file: 'kernel/objects/object.ts',
    edits: [
      [
        '  yield* defer(local, root.address);',
        '  yield store(root.address + ROOT.ownsRef, 0);\n  yield* releaseRef(local, ref);\n  yield* defer(local, root.address);',
      ],
    ],
    scenes: 'holds',
    shows: /under a temporary reference|panic|was refused/,
  },
  {
    name: 'the token is handed over without an interrupt',
    file: 'kernel/objects/token.ts',
    edits: [['if (yield* isQuiescent(target)) yield sendInterrupt(hart);', 'void hart;']],
    scenes: 'holds',
    shows: /the token was forgotten/,
  },
];
