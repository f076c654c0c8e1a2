/** The book's commands that are quick print what the book says: its scripts, and litmus tests. */
import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { litmus } from '../../lab/litmus/litmus-command.ts';
import { CapturedHost } from '../lab/captured-host.ts';

const CHAPTERS = ['01-the-machine.md'];

/** The blocks of a chapter that begin with a command: the command, and what it is said to print. */
function commandsIn(chapter: string): { command: string; printed: string }[] {
  const text = readFileSync(new URL(`../../docs/book/${chapter}`, import.meta.url), 'utf8');
  return [...text.matchAll(/```\n\$ ([^\n]*)\n(.*?)```/gs)].map(([, command = '', printed = '']) => ({
    command,
    printed,
  }));
}

const LITMUS = 'npm run -s eddy -- litmus ';
const SCRIPT = 'npx tsx ';

describe.each(CHAPTERS)('in %s', (chapter) => {
  const commands = commandsIn(chapter);

  test.each(commands.filter(({ command }) => command.startsWith(SCRIPT)))(
    '$command prints what is shown',
    async ({ command, printed }) => {
      const lines: string[] = [];
      const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
      try {
        await import(new URL(`../../${command.slice(SCRIPT.length)}`, import.meta.url).href);
      } finally {
        log.mockRestore();
      }
      expect(`${lines.join('\n')}\n`).toBe(printed);
    },
  );

  test.each(commands.filter(({ command }) => command.startsWith(LITMUS)))(
    '$command prints what is shown',
    ({ command, printed }) => {
      const host = new CapturedHost();
      litmus(command.slice(LITMUS.length), {}, host);
      expect(host.output.trimEnd()).toBe(printed.trimEnd());
    },
  );

  test('what is shown fits into 80 columns', () => {
    const shown = commands.flatMap(({ command, printed }) => [`$ ${command}`, ...printed.split('\n')]);
    expect(shown.filter((line) => [...line].length > 80)).toEqual([]);
  });
});
