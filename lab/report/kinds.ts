/** What `eddy run --report` can report on. */
export const REPORTS = ['memory'] as const;
export type ReportKind = (typeof REPORTS)[number];
