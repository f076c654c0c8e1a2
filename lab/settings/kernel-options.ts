/** What `--set kernel.…` can change: a table of the kernel's options, each with the values that it takes. */
import { type Allowed, describeAllowed, isAllowed } from '../../hw/config-fields.ts';
import {
  DEGREE_EXAMPLES,
  HEAPS,
  KERNEL_LIMITS,
  type KernelOptions,
  OBJECT_CHOICES,
  OBJECT_TYPES,
  type ObjectType,
  parseDegree,
  PLACEMENTS,
  POLICIES,
  SCHEDULING_LIMITS,
  SWITCH,
  TRANSFERS,
} from '../../kernel/index.ts';
import { UsageError } from '../cli/exit.ts';
import { unknown } from '../cli/nearest.ts';
import { parseNumber } from './number.ts';

const whole = (range: { readonly least: number; readonly most: number }): Allowed => ({
  kind: 'whole',
  ...range,
});

/** As of a machine's field; or a degree of clustering, of which there are many. */
export type AllowedOption = Allowed | { readonly kind: 'degree' };

const DEGREES = Object.fromEntries(
  OBJECT_TYPES.map(({ name }) => [`objects.${name}`, { kind: 'degree' }]),
) as Readonly<Record<`objects.${ObjectType}`, AllowedOption>>;

/** Which values each option of the kernel may have. */
export const KERNEL_OPTIONS: Readonly<Record<keyof KernelOptions, AllowedOption>> = {
  slice: whole(KERNEL_LIMITS.slice),
  refsPerHart: whole(KERNEL_LIMITS.refsPerHart),
  framesPerNode: whole(KERNEL_LIMITS.framesPerNode),
  placement: { kind: 'oneOf', values: PLACEMENTS },
  swap: whole(KERNEL_LIMITS.swap),
  scheduler: { kind: 'oneOf', values: POLICIES.map(({ name }) => name) },
  stealing: { kind: 'oneOf', values: SWITCH },
  procrastination: whole(SCHEDULING_LIMITS.procrastination),
  'scheduler.base': whole(SCHEDULING_LIMITS['scheduler.base']),
  'scheduler.age': whole(SCHEDULING_LIMITS['scheduler.age']),
  'scheduler.affinity': whole(SCHEDULING_LIMITS['scheduler.affinity']),
  'scheduler.remembered': whole(SCHEDULING_LIMITS['scheduler.remembered']),
  'scheduler.cache': whole(SCHEDULING_LIMITS['scheduler.cache']),
  heap: { kind: 'oneOf', values: HEAPS },
  transfer: { kind: 'oneOf', values: TRANSFERS },
  domainCaching: { kind: 'oneOf', values: SWITCH },
  heapChecked: { kind: 'yesNo' },
  locking: { kind: 'oneOf', values: OBJECT_CHOICES.locking },
  vm: { kind: 'oneOf', values: OBJECT_CHOICES.vm },
  ...DEGREES,
  'objects.adapt': { kind: 'oneOf', values: OBJECT_CHOICES.adapt },
  'objects.consistency': { kind: 'oneOf', values: OBJECT_CHOICES.consistency },
  'objects.generations': whole({ least: 1, most: 2 }),
};

const PREFIX = 'kernel.';

/** The keys that can be set, with their prefix. */
export const KERNEL_KEYS: readonly string[] = Object.keys(KERNEL_OPTIONS).map((name) => PREFIX + name);

/**
 * The options with one of them changed.
 * @throws UsageError when the text is not a value that the option may have
 */
export function withKernelOption(options: KernelOptions, key: string, text: string): KernelOptions {
  const name = key.slice(PREFIX.length) as keyof KernelOptions;
  return { ...options, [name]: parse(KERNEL_OPTIONS[name], key, text) };
}

function parse(allowed: AllowedOption, key: string, text: string): number | string | boolean {
  if (allowed.kind === 'degree') {
    if (parseDegree(text) !== undefined) return text;
    throw new UsageError(`--set ${key}=${text}: ${unknown('degree', text, DEGREE_EXAMPLES)}`);
  }
  if (allowed.kind === 'oneOf') {
    if (!allowed.values.includes(text))
      throw new UsageError(
        `--set ${key}=${text}: ${unknown(key.slice(PREFIX.length), text, allowed.values)}`,
      );
    return text;
  }
  if (allowed.kind === 'yesNo') {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new UsageError(`--set ${key}=${text}: the value is 'true' or 'false'`);
  }
  const number = parseNumber(text);
  if (number === undefined) throw new UsageError(`--set ${key}=${text}: the value is a number`);
  if (!isAllowed(allowed, number))
    throw new UsageError(`--set ${key}=${text}: the value is ${describeAllowed(allowed)}`);
  return number;
}
