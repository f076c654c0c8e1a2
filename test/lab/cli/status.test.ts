/** A fault of the emulator itself: exit status 70 and one line; the stack only with --debug. */
import { Command } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { COMMANDS } from '../../../lab/cli/commands/index.ts';
import { eddy } from '../captured-host.ts';

afterEach(() => vi.restoreAllMocks());

test('an internal exception is one line, and exit status 70', async () => {
  const broken = vi
    .spyOn(Command.prototype, 'parseAsync')
    .mockRejectedValue(new TypeError('x is not\na function'));
  const plain = await eddy('list', 'machines');
  expect(plain.status).toBe(70);
  expect(plain.errors).toBe(
    'eddy: internal fault: x is not (this is a bug in the emulator; --debug shows the stack)\n',
  );
  const debug = await eddy('list', 'machines', '--debug');
  expect(debug.errors).toContain('TypeError: x is not');
  expect(broken).toHaveBeenCalledTimes(2);
});

test('every command takes --json, --debug and --help', async () => {
  const eddyCommand = new Command('eddy');
  for (const define of COMMANDS)
    define(
      eddyCommand,
      {
        out: () => undefined,
        err: () => undefined,
        outIsTerminal: false,
        errIsTerminal: false,
        columns: 80,
        colour: false,
      },
      () => undefined,
    );
  for (const command of eddyCommand.commands) {
    expect(command.options.map((option) => option.long)).toEqual(
      expect.arrayContaining(['--json', '--debug']),
    );
  }
});
