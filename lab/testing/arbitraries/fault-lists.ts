/** Faults of a machine. Lists shrink to fewer faults, then to earlier and shorter ones. */
import fc from 'fast-check';
import type { Fault } from '../../../hw/faults/fault.ts';
import { INTERRUPT } from '../../../hw/isa/csr.ts';

/** Which faults to draw, and how far into a run. */
export interface FaultChoice {
  /** Kinds; by default those that a program survives: all but the loss of power. */
  readonly kinds?: readonly Fault['kind'][];
  /** Faults at most. Default 3. */
  readonly most?: number;
  /** Disk requests, disk blocks and interrupts (of each kind) among which some go wrong. Default 16, 256 and 32. */
  readonly requests?: number;
  readonly blocks?: number;
  readonly interrupts?: number;
  /** Cycles by which an interrupt is late at most. Default 50,000. */
  readonly late?: number;
  /** Cycles at which power may be lost. Default 1,000,000. */
  readonly cycles?: number;
}

const SURVIVED: readonly Fault['kind'][] = ['diskError', 'badBlock', 'delay'];

const upTo = (count: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: count - 1 });

/** Lists of faults, to be given to `new Machine(config, { faults })`. */
export function faultLists(choice: FaultChoice = {}): fc.Arbitrary<readonly Fault[]> {
  const { kinds = SURVIVED, most = 3, requests = 16, blocks = 256, interrupts = 32, late = 50_000 } = choice;
  const each: Readonly<Record<Fault['kind'], fc.Arbitrary<Fault>>> = {
    diskError: fc.record({ kind: fc.constant('diskError'), request: upTo(requests) }),
    badBlock: fc.record({ kind: fc.constant('badBlock'), block: upTo(blocks) }),
    delay: fc.record({
      kind: fc.constant('delay'),
      interrupt: fc.constantFrom(...(Object.keys(INTERRUPT) as (keyof typeof INTERRUPT)[])),
      nth: upTo(interrupts),
      cycles: fc.integer({ min: 1, max: late }),
    }),
    powerLoss: powerLosses({ cycles: choice.cycles ?? 1_000_000 }),
  };
  return fc.array(fc.oneof(...kinds.map((kind) => each[kind])), { maxLength: most });
}

/**
 * The loss of power within so many steps or cycles, with any number of blocks of a write in flight written.
 * Shrinks to the first step, and to what time says of a write in flight.
 */
export function powerLosses(
  within: { readonly steps: number } | { readonly cycles: number },
): fc.Arbitrary<Fault> {
  const [after, count] =
    'steps' in within ? (['steps', within.steps] as const) : (['cycles', within.cycles] as const);
  return fc
    .record({
      count: fc.integer({ min: 0, max: count }),
      written: fc.option(fc.integer({ min: 0, max: 8 }), { freq: 2 }),
    })
    .map(({ count: moment, written }) => ({
      kind: 'powerLoss',
      after,
      count: moment,
      ...(written === null ? {} : { written }),
    }));
}
