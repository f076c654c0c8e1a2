import { CAUSE, CAUSES, CSRS, INTERRUPT, SSTATUS } from '../../hw/isa/index.ts';
import { constantRows } from './constants.ts';
import { code, hexadecimal, page, table } from './markdown.ts';

/** docs/reference/traps.md: causes, and the registers through which a kernel meets them. */
export async function renderTraps(): Promise<string> {
  const status = await constantRows('hw/isa/csr.ts', 'SSTATUS', SSTATUS);
  return page(
    'Traps',
    'When an instruction traps, nothing of it has taken effect. The hart copies its operation and operands to ' +
      '`sinst` and `sop0`–`sop2`, the number of its context to `sepc`, and enters the procedure in `stvec` in ' +
      'supervisor mode. `supervisorReturn` issues the instruction again, unless `sresult` was written: then the ' +
      'instruction completes with that value.',
    '## Causes',
    table(
      ['cause', '`scause`', 'kind', 'when'],
      CAUSES.map((row) => [
        row.name,
        hexadecimal(CAUSE[row.name]),
        row.interrupt ? 'interrupt' : 'exception',
        row.summary,
      ]),
    ),
    '## Control and status registers',
    table(
      ['number', 'register', 'origin', 'access', 'what it holds'],
      CSRS.map((row, number) => [
        number,
        code(row.name),
        row.origin === 'riscv' ? 'RISC-V' : 'Eddy',
        row.access,
        row.summary,
      ]),
    ),
    '## Bits of sstatus',
    table(
      ['bit', 'mask', 'meaning'],
      status.map((row) => [code(row.name), hexadecimal(row.value), row.summary]),
    ),
    '## Bits of sie and sip',
    table(
      ['interrupt', 'mask'],
      Object.entries(INTERRUPT).map(([name, mask]) => [name, hexadecimal(mask)]),
    ),
  );
}
