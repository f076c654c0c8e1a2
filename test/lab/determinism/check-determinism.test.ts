/** `eddy check-determinism`: runs of one seed are the same; a program that is not is found out. */
import { expect, test } from 'vitest';
import { presetConfig } from '../../../hw/presets.ts';
import { work } from '../../../hw/isa/index.ts';
import { compareRuns } from '../../../lab/determinism/compare.ts';
import { describeEvent } from '../../../lab/determinism/command.ts';
import { type Program, program } from '../../../userland/program.ts';
import { eddy, eddyJson } from '../captured-host.ts';

interface Document {
  readonly deterministic: boolean;
  readonly events: number;
  readonly difference: null | object;
}

test.each([
  ['hello'],
  ['tour'],
  ['tour', '--bare'],
  ['tour', '--machine', 'smp', '--harts', '5'],
  ['fault', '--set', 'backing=disk', '--set', 'threads=4', '--set', 'sharing=shared'],
])('%s is deterministic', async (...args) => {
  const { deterministic, difference, events, status } = await eddyJson<Document>(
    'check-determinism',
    ...args,
  );
  expect({ deterministic, difference, status }).toEqual({ deterministic: true, difference: null, status: 0 });
  expect(events).toBeGreaterThan(1000);
});

test('says it in one line', async () => {
  const { output } = await eddy('check-determinism', 'hello');
  expect(output).toMatch(/^hello: two runs with seed 1 are the same in all [\d,]+ events\n$/);
});

/** State outside the emulated machine: what the architecture forbids. */
let outside = 0;
const leaks: Program = program({
  name: 'leaks',
  summary: 'keeps state outside its machine',
  *main() {
    yield work(100);
    outside++;
    yield work(outside);
  },
});

test('names the first event that differs', () => {
  const plan = {
    program: leaks,
    config: presetConfig('cc-numa', { harts: 2, seed: 1 }),
    parameters: [],
    kernelOptions: {},
    bare: false,
    limits: { steps: 1e7, cycles: Number.POSITIVE_INFINITY, watchdogSeconds: 5 },
    describe: String,
  };
  const { difference, events } = compareRuns(plan);
  expect(difference).not.toBeNull();
  expect(difference?.index).toBe(events);
  expect(difference?.first).toMatchObject({ kind: 'instruction', user: true, a: 1 });
  expect(difference?.second).toMatchObject({ kind: 'instruction', user: true, a: 2 });
  expect(describeEvent(difference?.first ?? null)).toMatch(
    /^cycle \d+: instruction, hart 0, context \d+, op work, a 1/,
  );
});
