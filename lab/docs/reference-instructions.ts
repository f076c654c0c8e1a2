import { MARKS, OPS } from '../../hw/isa/index.ts';
import { code, page, table } from './markdown.ts';

/** docs/reference/instructions.md: the instruction set. */
export function renderInstructions(): string {
  const rows = (privileged: boolean): string =>
    table(
      ['number', 'instruction', 'memory', 'slots', 'what it does'],
      OPS.map((op, number) => ({ ...op, number }))
        .filter((op) => op.privileged === privileged)
        .map((op) => [
          op.number,
          code(`${op.name}(${op.operands.join(', ')})`),
          op.memory,
          op.slots === 'operand' ? op.operands[0] : op.slots,
          op.summary,
        ]),
    );
  return page(
    'The instruction set',
    'A program is a generator; `yield load(address)` executes one instruction and gives its result, a signed 32-bit ' +
      'word (0 where nothing is said). Locals are the registers. *memory* says how an instruction uses memory; *slots*, ' +
      'for how many cycles it has the pipeline of a core whose harts share one (`hartsPerCore`).',
    '## Instructions of every mode',
    rows(false),
    '## Privileged instructions',
    'In user mode these trap with the cause illegalInstruction.',
    rows(true),
    '## Marks',
    '`mark(kind, …)` is no instruction: it says something about the program to whoever looks on, such as a detector.',
    table(
      ['kind', 'mark', 'what it says'],
      MARKS.map(({ name, operands, summary }, index) => [
        index + 1,
        code(`${name}(${operands.join(', ')})`),
        summary,
      ]),
    ),
  );
}
