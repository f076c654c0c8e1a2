/** What can be chosen about objects, and the facts that follow for the kernel. Host side, as the loader. */
import { CONSISTENCY } from '../counters/copies.ts';
import { NODE_BLOCK } from '../layout.ts';
import { parseDegree } from '../objects/degree.ts';
import { OBJECT_TYPES, type ObjectType } from '../objects/types.ts';
import { LOCKING } from '../vm/gate.ts';
import { VM } from '../vm/variant.ts';

/** Options about objects; `--set kernel.NAME=…` sets one. */
export type ObjectOptions = {
  /** Degree of clustering of a type: `shared`, `group:N`, `node` or `hart`. */
  readonly [Type in ObjectType as `objects.${Type}`]?: string;
} & {
  /** Whether counters change their degree of clustering by what they observe: `on` or `off` (the default). */
  readonly 'objects.adapt'?: string;
  /** How copies of a replicated counter are kept equal: `shared` memory (the default), or `calls` to the hart of each. */
  readonly 'objects.consistency'?: string;
  /** Generations of temporary references on each hart: 2, or 1 as in Tornado. */
  readonly 'objects.generations'?: number;
  /** What keeps objects in existence on the way of a page fault: `existence` (counts), or `hierarchical` locks. */
  readonly locking?: string;
  /** Virtual memory as clustered objects (`objects`), or as a traditional kernel has it: shared, with one lock for each thing. */
  readonly vm?: string;
};

/** The choices of the options that are made by a word. */
export const OBJECT_CHOICES = Object.freeze({
  adapt: Object.freeze(['off', 'on']),
  consistency: Object.freeze(Object.keys(CONSISTENCY)),
  locking: Object.freeze(Object.keys(LOCKING)),
  vm: Object.freeze(Object.keys(VM)),
});

/** The types that have one representative where virtual memory is traditional, unless something else is asked for. */
const SHARED_IF_TRADITIONAL: ReadonlySet<ObjectType> = new Set(['process', 'region', 'fcm']);

/** Words of the node block, by offset. */
export type Facts = readonly (readonly [number, number])[];

/** @throws RangeError when an option has a value that it cannot have */
export function objectFacts(options: ObjectOptions): Facts {
  const adapt = OBJECT_CHOICES.adapt.indexOf(options['objects.adapt'] ?? 'off');
  const consistency = OBJECT_CHOICES.consistency.indexOf(options['objects.consistency'] ?? 'shared');
  const locking = OBJECT_CHOICES.locking.indexOf(options.locking ?? 'existence');
  const vm = OBJECT_CHOICES.vm.indexOf(options.vm ?? 'objects');
  const generations = options['objects.generations'] ?? 2;
  check(adapt >= 0, 'objects.adapt is on or off');
  check(consistency >= 0, 'objects.consistency is shared or calls');
  check(locking >= 0, `there is no locking "${options.locking}"`);
  check(vm >= 0, `there is no virtual memory "${options.vm}"`);
  check(generations === 1 || generations === 2, 'objects.generations is 1 or 2');
  return [
    ...OBJECT_TYPES.map(({ name, degree }, index) => {
      const usual = vm === VM.traditional && SHARED_IF_TRADITIONAL.has(name) ? 'shared' : degree;
      const text = options[`objects.${name}`] ?? usual;
      const word = parseDegree(text);
      check(word !== undefined, `objects.${name}: "${text}" is no degree of clustering`);
      return [NODE_BLOCK.degrees + 4 * index, word as number] as const;
    }),
    [NODE_BLOCK.adapt, adapt],
    [NODE_BLOCK.consistency, consistency],
    [NODE_BLOCK.locking, locking],
    [NODE_BLOCK.vm, vm],
    [NODE_BLOCK.generations, generations],
  ];
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new RangeError(message);
}
