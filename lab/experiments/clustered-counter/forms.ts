/** The forms of the counter: one interface, with representatives used in different ways. */
import type { KernelOptions } from '../../../kernel/index.ts';
import { counterClass } from '../../../kernel/counters/counter-object.ts';
import { DEGREE } from '../../../kernel/objects/degree.ts';

export interface Form {
  readonly summary: string;
  /** Class of representative, and degree of clustering, with which the counter is made. */
  readonly classWord: number;
  readonly degree: number;
  /** Whether it is replaced by parts for each hart before the measurement, while all use it. */
  readonly swapped?: boolean;
  readonly options?: KernelOptions;
}

const PARTS = counterClass(0) as number;
const COPIES = counterClass(1) as number;

export const FORMS = {
  shared: { summary: 'one value for all', classWord: PARTS, degree: DEGREE.shared },
  grouped: { summary: 'a part for four harts', classWord: PARTS, degree: 4 },
  partitioned: { summary: 'a part for each hart', classWord: PARTS, degree: DEGREE.hart },
  replicated: { summary: 'a copy for each hart', classWord: COPIES, degree: DEGREE.hart },
  swapped: {
    summary: 'made shared, replaced by parts under load',
    classWord: PARTS,
    degree: DEGREE.shared,
    swapped: true,
  },
  adaptive: {
    summary: 'made shared, left to the policy that observes it',
    classWord: PARTS,
    degree: DEGREE.shared,
    options: { 'objects.adapt': 'on' },
  },
} as const satisfies Record<string, Form>;

export type FormName = keyof typeof FORMS;
