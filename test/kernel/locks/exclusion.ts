/** Harts that come into and go out of a critical section, and all ways in which such an execution can end. */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { everyExecution, type Exploration } from '../../../lab/explore/every-execution.ts';
import { type Model, onHarts, word } from './on-harts.ts';

/** Where the lock lies; it may take several lines. */
export const LOCK = word(0);
const COUNT = word(8);

/** How a lock is taken and given back, one way of several perhaps. */
export interface Way {
  readonly acquire: (lock: number) => Code;
  readonly release: (lock: number) => Code;
  /** Readers change nothing: they look twice, and must see the same. */
  readonly reads?: boolean;
}

export interface Ends extends Exploration {
  /** How executions ended, each with how many did so. */
  readonly ends: ReadonlyMap<string, number>;
}

/** @param visits the visits of each hart, in order */
export function everyEnd(visits: readonly (readonly Way[])[], model: Model = 'sc', limit?: number): Ends {
  const ends = new Map<string, number>();
  const writes = visits.flat().filter(({ reads }) => reads !== true).length;
  let torn = 0;
  function* visit({ acquire, release, reads }: Way): Code {
    yield* acquire(LOCK);
    const count = yield load(COUNT);
    if (reads !== true) yield store(COUNT, count + 1);
    else if ((yield load(COUNT)) !== count) torn++;
    yield* release(LOCK);
  }
  const exploration = everyExecution(
    () => {
      torn = 0;
      return onHarts(
        visits.map(
          (ways) =>
            function* () {
              for (const way of ways) yield* visit(way);
            },
        ),
        model,
      );
    },
    (machine, stop) => {
      const how = stop.kind === 'panic' ? `panic ${stop.code}` : stop.kind;
      const end = `${how}, ${machine.peek(COUNT)} of ${writes}, ${torn} torn`;
      ends.set(end, (ends.get(end) ?? 0) + 1);
    },
    { steps: 5000, ...(limit === undefined ? {} : { limit }) },
  );
  return { ...exploration, ends };
}

/** The one way to end that there should be. */
export const allCounted = (writes: number): string[] => [`finished, ${writes} of ${writes}, 0 torn`];
