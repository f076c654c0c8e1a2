/** A run that reads a disk extent through page faults shows on a terminal that it gets on, and nothing of it stays. */
import { afterEach, expect, test, vi } from 'vitest';
import { main } from '../../../lab/cli/cli.ts';
import { CapturedHost } from '../captured-host.ts';

const ERASED = '\r\u001B[2K';
/** Milliseconds that pass from one look at the clock to the next: a slow host. */
const LOOK = 400;

afterEach(() => void vi.restoreAllMocks());

async function onHost(isTerminal: boolean): Promise<CapturedHost> {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += LOOK));
  const host = new CapturedHost(false, isTerminal);
  expect(await main(['run', 'fault', '--set', 'pages=128', '--set', 'backing=disk'], host)).toBe(0);
  return host;
}

test('the bar comes and goes on standard error, and the output is the same without', async () => {
  const { errors, output } = await onHost(true);
  const parts = errors.split(ERASED);
  expect(parts.length).toBeGreaterThan(3);
  expect(parts[0]).toBe('');
  for (const drawn of parts.slice(1, -1)) expect(drawn.slice(0, 33)).toMatch(/^(fault \[[░█]{24}\] |$)/u);
  expect(parts.at(-1)).toMatch(/^fault: ok, [^\n]*\n$/);
  const without = await onHost(false);
  expect(without.errors).toMatch(/^fault: ok, [^\n]*\n$/);
  expect(output).toBe(without.output);
});
