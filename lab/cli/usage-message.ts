/** What commander has to say about a wrong command line, in one line and with the nearest valid choice. */
import type { Command, CommanderError } from 'commander';
import { unknown } from './nearest.ts';

/** The message for an error that commander found. */
export function usageMessage(error: CommanderError, eddy: Command, args: readonly string[]): string {
  const message = error.message.replace(/^error: /, '').split('\n', 1)[0] as string;
  const [, word = ''] = /'([^']*)'/.exec(message) ?? [];
  switch (error.code) {
    case 'commander.unknownCommand':
      return unknown('command', word, commandNames(eddy));
    case 'commander.help':
      return `no command; one of ${commandNames(eddy).join(', ')} is wanted`;
    case 'commander.unknownOption':
      return unknown('option', word, optionNames(eddy, args));
    default:
      return message;
  }
}

const commandNames = (eddy: Command): string[] => eddy.commands.map((command) => command.name());

/** Options of the command that was given, or of all. */
function optionNames(eddy: Command, args: readonly string[]): string[] {
  const given = eddy.commands.find((command) => args.includes(command.name()));
  return [...(given?.options ?? eddy.options).map((option) => option.long ?? option.flags), '--help'];
}
