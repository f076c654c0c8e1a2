/**
 * Finds out by its behaviour how a machine keeps caches coherent: what becomes of a hart's copy when another
 * one writes? A row must not say `update` of a machine that invalidates, whatever its configuration says.
 */
import type { MachineConfig } from '../../../hw/config.ts';
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { BareMachine } from '../framework/bare-machine.ts';

const WORD = 0x1000;
const NEW = 7;

/** `invalidate`: the copy is gone; `update`: it has the new value; `none`: it keeps the old one. */
export function protocolInForce(config: MachineConfig): 'invalidate' | 'update' | 'none' {
  const bare = new BareMachine(config);
  let seen = 0;
  const read = function* (): Code {
    seen = yield load(WORD);
  };
  const write = function* (): Code {
    yield load(WORD);
    yield store(WORD, NEW);
  };
  bare.run(read, [0]);
  bare.run(write, [1]);
  const { counted } = bare.run(read, [0]);
  if (seen !== NEW) return 'none';
  return counted('l1Misses') === 0 ? 'update' : 'invalidate';
}
