/**
 * Procedures of an interface that share A-stacks (LRPC, section 3.1): one whose descriptor has no calls of its own uses the
 * A-stacks of an earlier one, of the same size.
 */
import { type Code, load } from '../../../hw/isa/index.ts';
import { strideOf } from './a-stacks.ts';

/** Where size and calls stand in a row of a table of procedures. */
interface Row {
  readonly size: number;
  readonly calls: number;
  readonly SIZE: number;
}

// DOC: lrpc-lender
/** The procedure whose A-stacks one uses that has none of its own; or -1. `first`: the table's first row. */
export function* lenderOf(first: number, row: Row, procedure: number): Code<number> {
  const stride = strideOf(yield load(first + procedure * row.SIZE + row.size));
  for (let earlier = 0; earlier < procedure; earlier += 1) {
    const at = first + earlier * row.SIZE;
    if ((yield load(at + row.calls)) > 0 && strideOf(yield load(at + row.size)) === stride) return earlier;
  }
  return -1;
}
