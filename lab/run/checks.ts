/** Checks that a program reports: lines `check <id>: ok <detail>` or `check <id>: FAILED <detail>`. */
export interface Check {
  readonly id: string;
  readonly ok: boolean;
  readonly detail: string;
}

const LINE = /^check (\S+): (ok|FAILED)(?: (.*))?$/;

/** The check that a line of output reports, if it reports one. */
export function parseCheck(line: string): Check | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const [, id = '', verdict, detail = ''] = match;
  return { id, ok: verdict === 'ok', detail };
}

/** The checks in some output; those that were expected but not reported have failed. */
export function collectChecks(lines: readonly string[], expected: readonly string[]): Check[] {
  const reported = lines.flatMap((line) => parseCheck(line) ?? []);
  const missing = expected.filter((id) => !reported.some((check) => check.id === id));
  return [...reported, ...missing.map((id) => ({ id, ok: false, detail: 'the run did not report it' }))];
}
