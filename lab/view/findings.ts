/** What detectors have found, as text of at most so many columns. */
import type { Host } from '../cli/host.ts';
import type { Finding } from '../detect/finding.ts';
import { paintFor } from './paint.ts';
import { wrap } from './wrap.ts';

/** A run with more is broken anyway; a document has all of them. */
const MOST_SHOWN = 12;
const INDENT = '  ';

export function drawFindings(findings: readonly Finding[], host: Host): void {
  const paint = paintFor(host);
  for (const { detector, message } of findings.slice(0, MOST_SHOWN)) {
    const lines = wrap(message, host.columns - INDENT.length);
    host.out(`${paint.bad(detector)}\n${lines.map((line) => `${INDENT}${line}\n`).join('')}`);
  }
  const more = findings.length - MOST_SHOWN;
  if (more > 0) host.out(`and ${more} more (--json has them all)\n`);
}
