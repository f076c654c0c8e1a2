/** `eddy cache`: one cache over an address trace, to compare with another simulator. */
import type { DefineCommand } from './index.ts';
import { UsageError } from '../exit.ts';
import { wholeNumber } from '../values.ts';

interface Options {
  readonly trace: string;
  readonly size: number;
  readonly ways: number;
  readonly line: number;
  readonly writeBack?: true;
  readonly writeThrough?: true;
  readonly writeAllocate?: boolean;
  readonly json?: boolean;
}

export const defineCache: DefineCommand = (eddy, host) => {
  eddy
    .command('cache')
    .description('Run an address trace through one cache with least-recently-used replacement.')
    .requiredOption('--trace <file>', 'the trace: din (0 1f00) or lackey ( L 1f00,4)')
    .option('--size <bytes>', 'size of the cache', wholeNumber('--size', 1), 32 * 1024)
    .option('--ways <n>', 'lines per set', wholeNumber('--ways', 1), 8)
    .option('--line <bytes>', 'bytes per line', wholeNumber('--line', 1), 64)
    .option('--write-back', 'written lines go to memory when they leave (the default)')
    .option('--write-through', 'every write goes to memory at once')
    .option('--write-allocate', 'a write that misses brings its line in (the default)')
    .option('--no-write-allocate', 'a write that misses goes past the cache')
    .option('--json', 'print the result as one JSON document')
    .option('--debug', 'show the stack of an internal fault')
    .action(async ({ trace, size, ways, line, ...options }: Options) => {
      if (options.writeBack && options.writeThrough)
        throw new UsageError('--write-through: --write-back is given, too; only one of them can be');
      const { cache } = await import('../../cache/cache-command.ts');
      const design = {
        size,
        ways,
        line,
        writeBack: !options.writeThrough,
        writeAllocate: options.writeAllocate !== false,
      };
      await cache(design, { trace, ...(options.json ? { json: true } : {}) }, host);
    });
};
