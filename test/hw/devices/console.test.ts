import { describe, expect, test } from 'vitest';
import { CONSOLE, POWER } from '../../../hw/address-map.ts';
import { pause, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { runBare } from '../bare.ts';
import { small } from '../machines.ts';

const printing = (text: string) =>
  function* program() {
    for (const byte of new TextEncoder().encode(text)) yield store(CONSOLE.DATA, byte);
  };

describe('the console', () => {
  test.each(['hello\n', 'naïve façade', '→ ∀ 𝄞 🚀', ''])('shows %j', (text) => {
    expect(runBare([printing(text)]).machine.console.text()).toBe(text);
  });

  test('gives text to its subscribers as it comes, whole characters at a time, until they leave', () => {
    const machine = new Machine(small());
    const pieces: string[] = [];
    const leave = machine.console.subscribe((text) => pieces.push(text));
    machine.start(0, function* program() {
      yield* printing('aé🚀')();
      leave();
      yield* printing('b')();
    });
    machine.run();
    expect(pieces).toEqual(['a', 'é', '🚀']);
    expect(machine.console.text()).toBe('aé🚀b');
  });

  test('shows what is not UTF-8 as replacement characters', () => {
    const { machine } = runBare([
      function* program() {
        yield store(CONSOLE.DATA, 0xff);
        yield store(CONSOLE.DATA, 0x141);
      },
    ]);
    expect(machine.console.text()).toBe('\ufffdA');
  });

  test('costs a device access per byte', () => {
    const { machine } = runBare([printing('abc')], small({}, { skew: 1 }));
    expect(machine.counters.get(0, 'deviceAccesses')).toBe(3);
    expect(machine.clock(0)).toBe(3 * machine.config.timing.device);
  });
});

describe('the power register', () => {
  test('stops the machine with the status that is written, for good', () => {
    let after = 0;
    const { machine, stop } = runBare([
      function* program() {
        yield store(POWER.STATUS, -3);
        after++;
        yield pause();
      },
    ]);
    expect(stop).toEqual({ kind: 'halted', status: -3 });
    expect(machine.run()).toEqual(stop);
    expect(after).toBe(0);
  });
});
