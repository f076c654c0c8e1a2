/** What `--set kernel.…` can change: a table of the kernel's options, each with the values that it takes. */
import { POLICIES, type KernelOptions } from '../../kernel/index.ts';
import { UsageError } from '../cli/exit.ts';
import { unknown } from '../cli/nearest.ts';
import { parseNumber } from './number.ts';

type Parse = (key: string, text: string) => number | string;

const whole: Parse = (key, text) => {
  const number = parseNumber(text);
  if (number === undefined) throw new UsageError(`--set ${key}=${text}: the value is a number`);
  return number;
};

const OPTIONS: Readonly<Record<keyof KernelOptions, Parse>> = {
  slice: whole,
  refsPerHart: whole,
  policy: (key, text) => {
    const names = POLICIES.map(({ name }) => name);
    if (!names.includes(text))
      throw new UsageError(`--set ${key}=${text}: ${unknown('policy', text, names)}`);
    return text;
  },
};

const PREFIX = 'kernel.';

/** The keys that can be set, with their prefix. */
export const KERNEL_KEYS: readonly string[] = Object.keys(OPTIONS).map((name) => PREFIX + name);

/** The options with one of them changed. */
export function withKernelOption(options: KernelOptions, key: string, text: string): KernelOptions {
  const name = key.slice(PREFIX.length) as keyof KernelOptions;
  return { ...options, [name]: OPTIONS[name](key, text) };
}
