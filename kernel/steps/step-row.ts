/** What a step is: a named procedure that traces show as a span. */
export type StepKind =
  | 'none'
  | 'fault'
  | 'syscall'
  | 'interrupt'
  | 'exception'
  | 'trap'
  | 'object'
  | 'memory'
  | 'disk'
  | 'thread';

export interface StepRow {
  readonly id: number;
  readonly name: string;
  readonly kind: StepKind;
  readonly summary: string;
}
