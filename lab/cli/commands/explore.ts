/** `eddy explore`: searches the schedules of a program for one that breaks something. */
import { availableParallelism } from 'node:os';
import type { DefineCommand } from './index.ts';
import { STRATEGIES } from '../../explore/strategy.ts';
import type { ExploreOptions } from '../../explore/explore-command.ts';
import { UsageError } from '../exit.ts';
import { addRunOptions, planRun } from '../run-options.ts';
import { oneOf, wholeNumber } from '../values.ts';

const DEFAULTS = { harts: 2, steps: 100_000 };
/** A machine is built for each schedule, so it is a small one. What `--set` says comes first. */
const SMALL_BARE: Settings = [
  ['memoryPerNode', String(1 << 20)],
  ['disk.blocks', '8'],
];
const SMALL: Settings = [['memoryPerNode', String(1 << 22)]];
/** What `eddy run` takes where an option is not given. A failure for its steps is repeated with the limit it had. */
const RUN_DEFAULTS = { machine: 'cc-numa', seed: 1, watchdog: 5, maxSteps: DEFAULTS.steps };

type Settings = readonly (readonly [string, string])[];

export const defineExplore: DefineCommand = (eddy, host, finish) => {
  addRunOptions(
    eddy
      .command('explore')
      .description('Search the schedules of a program for one that breaks something.')
      .argument('<program>', 'name (eddy list programs) or file (./mine.ts)'),
    DEFAULTS,
  )
    .option(
      '--strategy <name>',
      `how to search: ${STRATEGIES.join(', ')}`,
      oneOf('strategy', STRATEGIES),
      'bound',
    )
    .option('--schedules <n>', 'schedules to run at most', wholeNumber('--schedules', 1), 100_000)
    .option(
      '--depth <n>',
      'bound, round-robin: preemptions or delays at most; pct: how many steps must come in a certain order',
      wholeNumber('--depth', 0),
      3,
    )
    .option('--seconds <n>', 'host seconds to search at most', wholeNumber('--seconds', 1), 60)
    .option(
      '--jobs <n>',
      'worker threads for a search of more than a second (default: one per core); the result is the same',
      wholeNumber('--jobs', 1),
    )
    .option('--events', 'schedules choose when timers, disks and interrupts come, too')
    .addHelpText('after', HELP)
    .action(async (target: string, given: Omit<ExploreOptions, 'jobs'> & { readonly jobs?: number }) => {
      const { bare, strategy, depth } = given;
      if (!bare && strategy === 'dpor')
        throw new UsageError('--strategy dpor: only for programs without a kernel; add --bare');
      if (strategy === 'pct' && depth < 1)
        throw new UsageError('--depth 0: the least that is possible with pct is 1');
      const set = new Map([...(bare ? SMALL_BARE : SMALL), ...(given.set ?? [])]);
      const options = { ...given, set, jobs: given.jobs ?? availableParallelism() };
      const plan = { ...(await planRun(target, options)), choosesEvents: given.events === true };
      const { explore } = await import('../../explore/explore-command.ts');
      const { replayCommand } = await import('../../explore/replay-command.ts');
      // What a kernel does with its memory depends on how much there is, and so does where another node's begins.
      const shown = bare && plan.config.nodes === 1 ? given : options;
      const replay = (schedule: string, { invariant }: { readonly invariant: string }): string => {
        const defaults = invariant === 'steps' ? { ...RUN_DEFAULTS, maxSteps: 0 } : RUN_DEFAULTS;
        return replayCommand(target, shown, defaults, schedule);
      };
      finish(await explore({ target, plan, replay }, options, host));
    });
};

const HELP = `
A schedule lists where somebody else goes on than whoever acted last. In
4@h0:load.10000>h1 that is hart 1, after hart 0's first load of 0x10000 (at step
4, when the schedule was made). A replay goes by what is between @ and >, not by
the step, so it survives most edits of the program. Where that is never reached,
or hart 1 cannot act there, the switch is passed over, which the replay reports.

Exit status: 0 nothing broke, 2 wrong usage, 3 a schedule was found that breaks
something, 70 a fault of the emulator.`;
