import { describe, expect, test } from 'vitest';
import {
  addressOf,
  type Code,
  createContext,
  csrWrite,
  environmentCall,
  load,
  pause,
  supervisorReturn,
} from '../../../hw/isa/index.ts';
import { runBare } from '../bare.ts';

function* nothing(): Code {
  yield pause();
}

describe('the machine crashes', () => {
  test('when supervisor code throws', () => {
    const { stop } = runBare([
      function* () {
        yield pause();
        throw new Error('no such luck');
      },
    ]);
    expect(stop).toMatchObject({ kind: 'crashed', hart: 0, context: 1, message: 'Error: no such luck' });
  });

  test('when it traps and no handler is set', () => {
    const { stop } = runBare([
      function* () {
        yield load(3);
      },
    ]);
    expect(stop).toMatchObject({
      kind: 'crashed',
      message: expect.stringMatching(/^loadMisaligned \(address 0x00000003\)/),
    });
  });

  test('when stvec is not code', () => {
    const { stop } = runBare([
      function* () {
        yield csrWrite('stvec', 0x1234);
        yield environmentCall(1);
      },
    ]);
    expect(stop).toMatchObject({ kind: 'crashed' });
  });

  test('when a user trap finds no context to be handled in', () => {
    for (const sctx of [0, 77]) {
      const { stop } = runBare([
        function* () {
          yield csrWrite('stvec', yield addressOf(nothing));
          yield csrWrite('sctx', sctx);
          yield csrWrite('sepc', yield createContext(yield addressOf(nothing)));
          yield supervisorReturn();
        },
      ]);
      expect(stop).toMatchObject({
        kind: 'crashed',
        message: expect.stringContaining('no context to run in'),
      });
    }
  });
});
