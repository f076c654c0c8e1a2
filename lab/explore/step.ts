/** One step of an execution, as a search of schedules sees it. */
export interface Step {
  readonly actor: number;
  /** Words that it read or wrote, and those that it wrote. */
  readonly touched: ReadonlySet<number>;
  readonly written: ReadonlySet<number>;
}

const meet = (left: ReadonlySet<number>, right: ReadonlySet<number>): boolean => {
  for (const address of left) if (right.has(address)) return true;
  return false;
};

/**
 * Whether the order of two steps can matter: they are of one actor, or one writes what the other touches. A
 * load that a store buffer answers counts as a read: had the buffer drained before, it would have been one.
 */
export const dependent = (left: Step, right: Step): boolean =>
  left.actor === right.actor || meet(left.written, right.touched) || meet(right.written, left.touched);
