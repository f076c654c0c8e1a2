/** `eddy litmus`: which outcomes a memory model allows. */
import type { DefineCommand } from './index.ts';

export const defineLitmus: DefineCommand = (eddy, host) => {
  eddy
    .command('litmus')
    .description('Run every execution of a litmus test: which final states does a memory model allow?')
    .argument(
      '[test]',
      'a shipped test (eddy list litmus), a JSON file, or a folder of them; all shipped ones if left out',
    )
    .option('--consistency <model>', 'one model only: sc or tso')
    .option('--json', 'print the results as one JSON document')
    .option('--debug', 'show the stack of an internal fault')
    .action(async (test: string | undefined, options: { consistency?: string; json?: boolean }) => {
      const { litmus } = await import('../../litmus/litmus-command.ts');
      litmus(test, options, host);
    });
};
