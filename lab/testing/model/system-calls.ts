/**
 * The system calls against a model: sequences of calls, now and then several at once by different agents, whose
 * answers must be what the model says. Each is a command of fast-check's (`fc.Command`), for `fc.commands` of one's own.
 */
import fc from 'fast-check';
import { DISK_BLOCK } from '../../../hw/address-map.ts';
import { type AgentChoice, Agents } from './agents.ts';
import { type Area, calls } from './calls.ts';
import { type SystemCall, Together } from './command.ts';
import { BLOCKS_PER_PAGE, diskImage, Model } from './model.ts';

/** Which sequences to draw. */
export interface SystemCallChoice {
  /** Commands at most. Default 40. */
  readonly commands?: number;
  /** Agents, which is harts, at most. Commands for more agents than there are harts are passed over. Default 3. */
  readonly agents?: number;
}

/** Commands of a model-based test. (`fc.commands` would not make smaller what is called at once.) */
export type SystemCalls = readonly Together[];

// DOC: system-calls
/** Sequences of system calls. They shrink to fewer calls, and to simpler ones. */
export function systemCalls(choice: SystemCallChoice = {}): fc.Arbitrary<SystemCalls> {
  const rows = calls(fc.integer({ min: 0, max: (choice.agents ?? 3) - 1 }));
  const sequence = (about: readonly Area[], weight: number) => ({
    weight,
    arbitrary: sequenceOf(
      rows.filter(({ area }) => about.includes(area)),
      choice.commands ?? 40,
    ),
  });
  // Half of the sequences are about everything. A bug needs several calls that have to do with each other, though, and
  // the more kinds of call there are, the seldomer those meet.
  return fc.oneof(
    { withCrossShrink: true },
    sequence(['memory', 'lives', 'counters', 'ports', 'synchronization', 'plain'], 4),
    sequence(['memory', 'lives', 'plain'], 2),
    sequence(['counters'], 1),
    sequence(['ports'], 1),
    sequence(['synchronization'], 2),
  );
}

function sequenceOf(rows: ReturnType<typeof calls>, maxLength: number): fc.Arbitrary<SystemCalls> {
  const call = fc.oneof(...rows);
  const perhaps = (often: number): fc.Arbitrary<SystemCall | undefined> =>
    fc.oneof(
      { withCrossShrink: true },
      { weight: 10, arbitrary: fc.constant(undefined) },
      { weight: often, arbitrary: call },
    );
  // Each of them can be left out by itself, when a sequence is made smaller.
  const together = fc
    .tuple(perhaps(200), perhaps(2), perhaps(1))
    .map((drawn) => new Together(drawn.filter((one) => one !== undefined)));
  // As many short sequences as long ones.
  return fc.noBias(fc.array(together, { maxLength, size: 'max' }));
}

/**
 * Boots a machine, lets its agents carry the calls out, and compares each answer with the model's; after each call the
 * kernel's invariants are asked, and at the end that no memory is left in use.
 * @param choice the machine; its harts are the agents. Memory must not be short, since the model knows no ENOMEM
 * @throws Error that says which call gave what
 */
export function checkSystemCalls(commands: SystemCalls, choice: AgentChoice): void {
  const blocks = choice.config.disk.blocks;
  const agents = new Agents({ ...choice, disk: choice.disk ?? diskImage(blocks) });
  const model = new Model(agents.count, Math.min(blocks, MOST_PAGES * BLOCKS_PER_PAGE));
  for (const command of commands) if (command.check(model)) command.run(model, agents);
  const free = Array.from({ length: agents.count }, (_, agent) => agent).find((agent) => model.isFree(agent));
  const wrong = agents.finish(free ?? 0);
  if (wrong !== undefined) throw new Error(`at the end, ${wrong}`);
  const image = agents.machine.disk.image;
  const first = model.differsFrom(
    new Int32Array(image.buffer, image.byteOffset, (model.blocks * DISK_BLOCK) / 4),
  );
  if (first !== undefined) throw new Error(`at the end, ${first}`);
}

const MOST_PAGES = 16;
