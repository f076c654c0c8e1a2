/**
 * Reads a command line, carries it out, and turns whatever goes wrong into one line and an exit status.
 * Commands are defined here and imported when they run, so that a small one answers at once.
 */
import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands/index.ts';
import { EXIT, UsageError } from './exit.ts';
import type { Host } from './host.ts';
import { usageMessage } from './usage-message.ts';
import { version } from './version.ts';

/** Carries out a command line; gives the exit status. */
export async function main(args: readonly string[], host: Host): Promise<number> {
  let status: number = EXIT.ok;
  const eddy = new Command('eddy')
    .description('A teaching operating system that can be watched while it runs.')
    .version(version())
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => host.out(text), writeErr: () => undefined })
    .configureHelp({ helpWidth: host.columns, subcommandTerm: (command) => command.name() });
  for (const define of COMMANDS) define(eddy, host, (result) => void (status = result));
  if (args.length === 0) {
    host.err(eddy.helpInformation());
    return EXIT.usage;
  }
  try {
    await eddy.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    return report(error, eddy, args, host);
  }
}

function report(error: unknown, eddy: Command, args: readonly string[], host: Host): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    host.err(`eddy: ${usageMessage(error, eddy, args)}\n`);
    return EXIT.usage;
  }
  if (error instanceof UsageError) {
    host.err(
      `${error.message
        .split('\n')
        .map((line) => `eddy: ${line}`)
        .join('\n')}\n`,
    );
    return EXIT.usage;
  }
  const what = error instanceof Error ? error.message : String(error);
  host.err(
    `eddy: internal fault: ${what.split('\n', 1)[0]} (this is a bug in the emulator; --debug shows the stack)\n`,
  );
  if (args.includes('--debug') && error instanceof Error) host.err(`${error.stack}\n`);
  return EXIT.emulator;
}
