import {
  ERRORS,
  EXIT_STATUSES,
  LIMIT,
  MAP,
  MAX_PARAMETERS,
  SYSCALLS,
  THREAD_BLOCK,
  THREAD_BLOCK_SIZE,
} from '../../kernel/abi/index.ts';
import { constantRows } from './constants.ts';
import { code, hexadecimal, page, table } from './markdown.ts';

/** docs/reference/abi.md: all that a program may rely on of the kernel. */
export async function renderAbi(): Promise<string> {
  const flags = await constantRows('kernel/abi/flags.ts', 'MAP', MAP);
  const limits = await constantRows('kernel/abi/flags.ts', 'LIMIT', LIMIT);
  const block = await constantRows('kernel/abi/startup.ts', 'THREAD_BLOCK', THREAD_BLOCK);
  return page(
    'The kernel’s binary interface',
    'A system call is the instruction `environmentCall`: up to six argument words in a0–a5, the number in a7. Its ' +
      'result is one word; a negative one is an error. `eddy-os/userland` has a procedure for each row.',
    '## System calls',
    table(
      ['number', 'call', 'result', 'errors', 'what it does'],
      SYSCALLS.map((row) => [
        row.number,
        code(signature(row)),
        row.gives,
        row.errors.join(', ') || '–',
        row.summary,
      ]),
    ),
    '## Errors',
    table(
      ['name', 'result', 'meaning'],
      ERRORS.map((row) => [row.name, row.code, row.summary]),
    ),
    '## Flags of mmap',
    table(
      ['flag', 'value', 'meaning'],
      flags.map((row) => [code(`MAP.${row.name}`), row.value, row.summary]),
    ),
    '## Sizes and limits',
    table(
      ['name', 'value', 'meaning'],
      limits.map((row) => [
        code(`LIMIT.${row.name}`),
        `${row.value} (${hexadecimal(row.value)})`,
        row.summary,
      ]),
    ),
    '## What a thread finds at its start',
    'A thread begins at a code address with two words: the argument that was given to spawn, and the address of its ' +
      `thread block of ${THREAD_BLOCK_SIZE} bytes. A program has at most ${MAX_PARAMETERS} parameter words.`,
    table(
      ['offset', 'word', 'meaning'],
      block.map((row) => [row.value, code(row.name), row.summary]),
    ),
    '## Exit statuses of processes',
    table(
      ['status', 'name', 'meaning'],
      EXIT_STATUSES.map((row) => [
        row.from === row.to ? row.from : `${row.from} to ${row.to}`,
        row.name,
        row.summary,
      ]),
    ),
  );
}

const signature = (row: (typeof SYSCALLS)[number]): string =>
  `${row.name}(${row.arguments.map((argument) => argument.name).join(', ')})`;
