/** Measures bugs by all searches: what `npm run zoo` prints. */
import { KERNEL_BUGS } from '../kernel/catalogue.ts';
import { KERNEL_WAYS, kernelTwins } from '../kernel/twins.ts';
import { ZOO } from '../catalogue.ts';
import { twinsOf } from '../subject.ts';
import { type Effort, measure, type Measured } from './measure.ts';
import { WAYS, type Way } from './searches.ts';

/** Schedules that a search through all of them has at most. Those of a kernel take a hundred times as long. */
export const MOST = {
  bare: { faulty: 3000, correct: 3000 },
  kernel: { faulty: 3000, correct: 100 },
} as const;
/** What a random search has, which never ends by itself: the middle one of several seeds counts. */
const RANDOM = {
  bare: { faulty: { schedules: 1000, seeds: 9 }, correct: { schedules: 200, seeds: 1 } },
  kernel: { faulty: { schedules: 200, seeds: 1 }, correct: { schedules: 20, seeds: 1 } },
} as const;

const FORMS = ['faulty', 'correct'] as const;

/** Executions that reduction leaves are few. */
const MOST_REDUCED = 10_000;

/** How long a search goes on. */
export function effortFor(kind: keyof typeof MOST, form: Measured['form'], way: Way): Effort {
  if (way.isRandom) return RANDOM[kind][form];
  return { schedules: way.id === 'dpor' ? MOST_REDUCED : MOST[kind][form], seeds: 1 };
}

/** The names of all bugs. */
export const IDS: readonly string[] = [...ZOO, ...KERNEL_BUGS].map(({ id }) => id);

/** Rows of the bugs of these names, one after the other. */
export async function* collect(ids: readonly string[]): AsyncGenerator<Measured> {
  for (const bug of ZOO.filter(({ id }) => ids.includes(id))) {
    const twins = twinsOf(bug);
    for (const form of FORMS)
      for (const way of WAYS) yield measure(twins, form, way, effortFor('bare', form, way));
  }
  for (const bug of KERNEL_BUGS.filter(({ id }) => ids.includes(id))) {
    const twins = await kernelTwins(bug);
    for (const form of FORMS)
      for (const way of KERNEL_WAYS) yield twins.measure(form, way.id, effortFor('kernel', form, way));
  }
}
