/** `npm run zoo`: which search finds which bug in how many schedules. Progress goes to standard error. */
import { parseArgs } from 'node:util';
import { processHost } from '../../../lab/cli/host.ts';
import { nearest } from '../../../lab/cli/nearest.ts';
import { collect, IDS } from './collect.ts';
import type { Measured } from './measure.ts';
import { keep } from './keep.ts';
import { drawTable } from './text.ts';

const USAGE = 'usage: npm run zoo -- [--json] [--write] [BUG…]';
const WRONG = 2;

async function main(): Promise<number> {
  const host = processHost();
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, write: { type: 'boolean' } },
    allowPositionals: true,
  });
  const wrong = positionals.find((id) => !IDS.includes(id));
  if (wrong !== undefined) {
    const near = nearest(wrong, IDS);
    host.err(`no bug '${wrong}'${near === undefined ? '' : `; did you mean '${near}'?`}\n`);
    return WRONG;
  }
  const rows: Measured[] = [];
  for await (const row of collect(positionals.length > 0 ? positionals : IDS)) {
    rows.push(row);
    if (host.errIsTerminal) host.err(`\r${row.bug} ${row.form} ${row.strategy}`.padEnd(40));
  }
  if (host.errIsTerminal) host.err('\r'.padEnd(40).concat('\r'));
  if (values.write === true) await keep(rows);
  host.out(values.json === true ? `${JSON.stringify(rows, null, 2)}\n` : drawTable(rows, host));
  return rows.some(({ form, preemptions }) => form === 'correct' && preemptions !== null) ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if ((error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
  process.stderr.write(`${(error as Error).message.split('\n')[0]}; ${USAGE}\n`);
  process.exitCode = WRONG;
}
