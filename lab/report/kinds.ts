/** What `eddy run --report` can report on. */
export const REPORTS = ['memory', 'scheduling', 'gantt'] as const;
export type ReportKind = (typeof REPORTS)[number];

/** Those that write files, too, where `--out` names a folder. */
export const WITH_FILES: ReadonlySet<ReportKind> = new Set(['scheduling', 'gantt']);
