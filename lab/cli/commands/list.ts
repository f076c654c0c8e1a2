/** `eddy list`: what there is to choose from. */
import type { DefineCommand } from './index.ts';
import { UsageError } from '../exit.ts';
import { unknown } from '../nearest.ts';

/** What can be listed. */
export const KINDS = [
  'machines',
  'programs',
  'experiments',
  'locks',
  'barriers',
  'schedulers',
  'litmus',
] as const;

export const defineList: DefineCommand = (eddy, host) => {
  eddy
    .command('list')
    .description(`List what there is of a kind: ${KINDS.join(', ')}.`)
    .argument('<kind>', 'what to list')
    .option('--json', 'print the list as one JSON document')
    .option('--debug', 'show the stack of an internal fault')
    .action(async (given: string, options: { json?: boolean }) => {
      const kind = KINDS.find((candidate) => candidate === given || candidate === `${given}s`);
      if (kind === undefined) throw new UsageError(unknown('kind', given, KINDS));
      const { catalogue } = await import('../../list/catalogue.ts');
      const { wrap } = await import('../../view/wrap.ts');
      const entries = catalogue(kind);
      if (options.json) {
        host.out(`${JSON.stringify(entries, null, 2)}\n`);
        return;
      }
      const width = Math.max(...entries.map(({ id }) => id.length), 0);
      for (const { id, summary } of entries) {
        const [first = '', ...more] = wrap(summary, host.columns - width - 2);
        host.out(`${id.padEnd(width)}  ${first}\n`);
        for (const line of more) host.out(`${' '.repeat(width)}  ${line}\n`);
      }
      if (entries.length === 0) host.err(`eddy: there are no ${kind} yet\n`);
    });
};
