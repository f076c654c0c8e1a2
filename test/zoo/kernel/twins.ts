/** A bug of the kernel and the product beside it, to be measured by searches that end where the scene does. */
import type { Measured } from '../table/measure.ts';
import type { Way } from '../table/searches.ts';
import type { KernelBug } from './catalogue.ts';
import * as product from './laboratory.ts';
import { type Laboratory, plant } from './planted.ts';
import { hartsOf } from './scenes/index.ts';

/** Searches for which a kernel is too large: they ask for every schedule. */
const EXHAUSTIVE = ['depth-first', 'dpor'];

/** What can be measured of a bug in the kernel. */
export interface KernelTwins {
  /** The kernel with the bug, and the product. */
  readonly laboratory: Readonly<Record<Measured['form'], Laboratory>>;
  measure(form: Measured['form'], strategy: string, effort: { schedules: number; seeds: number }): Measured;
}

/** The searches that a kernel is put to. */
export const KERNEL_WAYS: readonly Way[] = product.WAYS.filter(({ id }) => !EXHAUSTIVE.includes(id));

/** What has to be known of a bug. */
export type Planted = Pick<KernelBug, 'id' | 'scene' | 'file' | 'edits'>;

export async function kernelTwins(bug: Planted): Promise<KernelTwins> {
  const laboratory = { faulty: await plant(bug), correct: product };
  return {
    laboratory,
    measure(form, strategy, effort) {
      const { measure, subjectOf, WAYS, Window } = laboratory[form];
      const way = WAYS.find(({ id }) => id === strategy);
      if (way === undefined) throw new Error(`there is no search ${strategy}`);
      const subject = subjectOf(bug.scene);
      return measure(
        { id: bug.id, harts: hartsOf(bug.scene), faulty: subject, correct: subject },
        form,
        { ...way, search: (harts, seed) => new Window(way.search(harts, seed)) },
        effort,
      );
    },
  };
}
