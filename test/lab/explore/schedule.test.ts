import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Actors } from '../../../hw/sequencer/actors.ts';
import { OP } from '../../../hw/isa/op.ts';
import { type Anchor, formatAnchor, parseAnchor } from '../../../lab/explore/anchor.ts';
import { formatSchedule, parseSchedule, type Schedule } from '../../../lab/explore/schedule.ts';

const HARTS = 8;
const ACTORS = new Actors(HARTS, 2);
const nth = fc.integer({ min: 1, max: 1000 });
const place = fc.record({ name: fc.stringMatching(/^[a-z][\w.-]{0,11}$/), times: nth });
const hartsAnchor: fc.Arbitrary<Anchor> = fc.record(
  {
    actor: fc.nat(HARTS - 1),
    op: fc.constantFrom(OP.load, OP.store, OP.spinUntilNot, OP.environmentCall, OP.call),
    address: fc.integer(),
    place,
    times: nth,
  },
  { requiredKeys: ['actor', 'op', 'times'] },
);
const drainsAnchor: fc.Arbitrary<Anchor> = fc.record({
  actor: fc.integer({ min: HARTS, max: ACTORS.count - 1 }),
  times: nth,
});
const change = fc.record(
  { actor: fc.nat(ACTORS.count - 1), anchor: fc.oneof(hartsAnchor, drainsAnchor) },
  { requiredKeys: ['actor'] },
);
const schedule: fc.Arbitrary<Schedule> = fc
  .uniqueArray(fc.nat(1_000_000), { maxLength: 12 })
  .chain((steps) =>
    fc
      .array(change, { minLength: steps.length, maxLength: steps.length })
      .map((changes) =>
        steps.toSorted((left, right) => left - right).map((step, index) => ({ step, ...changes[index]! })),
      ),
  );

describe('a schedule as text', () => {
  test('is read as what was written', () => {
    fc.assert(
      fc.property(schedule, (written) => {
        expect(parseSchedule(formatSchedule(written, ACTORS), ACTORS)).toEqual(written);
      }),
    );
  });

  test('names harts, drains and device events', () => {
    const switches = [
      { step: 12, actor: 3 },
      { step: 40, actor: ACTORS.of('drain', 1) },
      { step: 50, actor: ACTORS.of('timer', 3) },
      { step: 51, actor: ACTORS.of('interrupt', 2) },
      { step: 52, actor: ACTORS.of('disk', 0) },
      { step: 53, actor: ACTORS.of('message', 1) },
    ];
    expect(formatSchedule(switches, ACTORS)).toBe('12>h3 40>d1 50>t3 51>i2 52>k0 53>m1');
    expect(formatSchedule([], ACTORS)).toBe('default');
  });

  test('names what was done before, from where on, and how often', () => {
    const anchors: [Anchor, string][] = [
      [{ actor: 0, op: OP.load, address: 0x10040, times: 2 }, 'h0:load.10040#2'],
      [{ actor: 0, op: OP.load, times: 1 }, 'h0:load'],
      [
        { actor: 0, op: OP.load, address: -4, place: { name: 'add', times: 3 }, times: 1 },
        'h0:add#3/load.fffffffc',
      ],
      [
        { actor: 1, op: OP.store, place: { name: 'page-fault', times: 1 }, times: 2 },
        'h1:page-fault/store#2',
      ],
      [{ actor: 2, op: OP.call, times: 1 }, 'h2:end'],
      [{ actor: 9, times: 4 }, 'd1#4'],
    ];
    for (const [anchor, text] of anchors) {
      expect(formatAnchor(anchor, ACTORS)).toBe(text);
      expect(parseAnchor(text, ACTORS)).toEqual(anchor);
    }
  });

  test.each([
    ['12', "'12' is no switch; one looks like 12>h3"],
    ['12>x3', "'x3' is nobody"],
    ['12@h0:load', 'is no switch'],
    ['12>h8', 'the machine has 8 harts'],
    ['12>k2', 'the machine has 2 nodes'],
    ['12@h0>h1', 'what hart 0 did is missing, as in h0:load'],
    ['12@h0:lood.10>h1', "no instruction is called 'lood'"],
    ['12@h9:load>h1', 'the machine has 8 harts'],
    ['12@d0:load>h1', 'only harts execute instructions'],
    ['12@h0:load.xyz>h1', "'h0:load.xyz' is no anchor; one looks like h0:load.10040#2"],
    ['12>h1 12>h2', 'steps must ascend'],
    ['12>h1 3>h2', "'3>h2' comes after step 12"],
  ])('%s is refused', (text, message) => {
    expect(() => parseSchedule(text, ACTORS)).toThrow(message);
  });
});
