/** An experiment's result for a terminal: its question, its tables, and the verdict on each claim. */
import type { Host } from '../../cli/host.ts';
import { type Paint, paintFor } from '../../view/paint.ts';
import { heading } from '../../view/text.ts';
import type { ExperimentResult } from '../framework/conduct.ts';
import type { Experiment, PaperFigure, Row } from '../framework/experiment.ts';
import type { Judgement } from '../framework/judge.ts';
import { REASON } from '../framework/not-measured.ts';
import { drawTable } from './table.ts';
import { number } from './values.ts';
import { wrap } from '../../view/wrap.ts';

export function drawResult(experiment: Experiment, result: ExperimentResult, host: Host): string {
  const paint = paintFor(host);
  const { columns } = host;
  const { rows } = result;
  const tables = experiment.tables
    .filter(({ where }) => rows.some((row) => where?.(row, rows) ?? true))
    .map((view) => `${heading(view.title, columns, paint)}${drawTable(experiment, view, rows, host)}\n`);
  const lines = [
    paint.name(experiment.id),
    ...wrap(experiment.question, columns - 2).map((line) => `  ${line}`),
    ...experiment.sources.flatMap((source) =>
      wrap(source, columns - 2).map((line) => paint.dim(`  ${line}`)),
    ),
  ];
  const claims = result.claims.map((claim) => drawClaim(claim, columns, paint));
  return `${lines.join('\n')}\n${tables.join('')}${gaps(rows, columns, paint)}${heading('Claims', columns, paint)}${claims.join('')}${paint.dim(tally(result))}\n`;
}

/** Why rows have no figures, each reason once. */
function gaps(rows: readonly Row[], columns: number, paint: Paint): string {
  const reasons = new Map<string, number>();
  for (const { [REASON]: reason } of rows)
    if (typeof reason === 'string') reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  if (reasons.size === 0) return '';
  const lines = [...reasons].flatMap(([reason, count]) =>
    wrap(`${reason} (${count === 1 ? '1 row' : `${count} rows`})`, columns - 2).map((line) => `  ${line}\n`),
  );
  return `${heading('Not measured', columns, paint)}${lines.join('')}`;
}

const VERDICTS = {
  holds: { mark: '✓', word: 'holds', style: 'good' },
  fails: { mark: '✗', word: 'FAILS', style: 'bad' },
  'not-measured': { mark: '·', word: 'not measured', style: 'wait' },
} as const;

const INDENT = '    ';

function drawClaim(claim: Judgement, columns: number, paint: Paint): string {
  const { mark, word, style } = VERDICTS[claim.verdict];
  const width = columns - INDENT.length;
  const measured = claim.measured === null ? '' : ` measured ${number(claim.measured)},`;
  const verdict = wrap(`${word}:${measured} wanted ${claim.band}${paperText(claim.paper)}`, width);
  const remarks = [claim.source, ...(claim.note === undefined ? [] : [claim.note])];
  const lines = [
    ...wrap(claim.text, width),
    ...verdict.map((line, index) => (index === 0 ? line.replace(word, (text) => paint[style](text)) : line)),
    ...remarks.flatMap((remark) => wrap(remark, width)).map((line) => paint.dim(line)),
  ];
  return `${paint[style](mark)} ${paint.name(claim.id)}\n${lines.map((line) => `${INDENT}${line}\n`).join('')}`;
}

/** What the paper says, marked where nobody has looked it up. */
function paperText(paper: PaperFigure | null): string {
  if (paper === null) return '';
  const certain = paper.tag.startsWith('M') ? 'from memory, unverified' : paper.tag;
  return `; the paper: ${paper.value} [${certain}]`;
}

function tally({ claims, rows, hostSeconds }: ExperimentResult): string {
  const counts = Object.entries(VERDICTS).map(([verdict, { word }]) => {
    const count = claims.filter((claim) => claim.verdict === verdict).length;
    return count === 0 ? '' : `${count} ${word.toLowerCase()}`;
  });
  return `${counts.filter((text) => text !== '').join(', ')} · ${rows.length} rows in ${hostSeconds.toFixed(1)} s`;
}
