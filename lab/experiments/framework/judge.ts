/** Judges claims from measured rows. */
import type { Claim, PaperFigure, Row } from './experiment.ts';
import { NotMeasured } from './not-measured.ts';

/** A judged claim, as `eddy experiment --json` prints it. */
export interface Judgement {
  readonly id: string;
  readonly text: string;
  readonly source: string;
  readonly paper: PaperFigure | null;
  readonly measured: number | null;
  readonly band: string;
  readonly verdict: 'holds' | 'fails' | 'not-measured';
  readonly note?: string;
}

/** What the rows say about a claim. */
export function judge(claim: Claim, rows: readonly Row[]): Judgement {
  const { id, text, source, paper, band } = claim;
  const stated = { id, text, source, paper };
  try {
    const found = claim.measured(rows);
    const { value, note } = typeof found === 'number' ? { value: found, note: undefined } : found;
    return {
      ...stated,
      measured: value,
      band: band.text,
      verdict: band.holds(value) ? 'holds' : 'fails',
      ...(note === undefined ? {} : { note }),
    };
  } catch (error) {
    if (!(error instanceof NotMeasured)) throw error;
    return { ...stated, measured: null, band: band.text, verdict: 'not-measured', note: error.message };
  }
}
