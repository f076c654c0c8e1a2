/** A litmus test: a few threads of a few instructions each, and a question about the final state. */

/** A value: a number, a register of the same thread, or a sum. */
export type Value = number | string | readonly ['+', Value, Value];

export type Operation =
  | readonly ['load', string, string]
  | readonly ['store', string, Value]
  | readonly ['swap', string, string, Value]
  | readonly ['fetchAdd', string, string, Value]
  | readonly ['cas', string, string, Value, Value]
  | readonly ['fence'];

export interface LitmusTest {
  readonly name: string;
  readonly summary?: string;
  /** Initial values of locations; those left out are 0. */
  readonly init?: Readonly<Record<string, number>>;
  readonly threads: readonly (readonly Operation[])[];
  /** The condition, e.g. `0:r0=0 /\ 1:r1=0`: is there an execution that ends so? */
  readonly exists: string;
}

/** Operand positions by operation: `register` is written, `location` touched, `value` read. */
export const OPERATION_FORMS: Readonly<Record<string, readonly ('register' | 'location' | 'value')[]>> = {
  load: ['register', 'location'],
  store: ['location', 'value'],
  swap: ['register', 'location', 'value'],
  fetchAdd: ['register', 'location', 'value'],
  cas: ['register', 'location', 'value', 'value'],
  fence: [],
};

/** All locations of a test, in the order in which they appear. */
export function locationsOf(test: LitmusTest): string[] {
  const locations = new Set(Object.keys(test.init ?? {}));
  for (const operation of test.threads.flat()) {
    const forms = OPERATION_FORMS[operation[0]] ?? [];
    forms.forEach((form, index) => {
      if (form === 'location') locations.add(operation[index + 1] as string);
    });
  }
  return [...locations];
}
