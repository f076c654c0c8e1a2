/**
 * Runs a litmus test: all its executions, on a machine without a kernel, one thread per hart. The models are
 * the machine's own: `sc` without store buffers, `tso` with them.
 */
import { Machine } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import {
  type Code,
  compareAndSwap,
  fence,
  fetchAndAdd,
  fetchAndStore,
  load,
  store,
} from '../../hw/isa/index.ts';
import { everyExecution, type Search } from '../explore/every-execution.ts';
import { type FinalState, parseCondition } from './condition.ts';
import { type LitmusTest, locationsOf, type Operation, type Value } from './litmus-test.ts';

/** The memory models that can be asked about. */
export const MODELS = ['sc', 'tso'] as const;
export type Model = (typeof MODELS)[number];

export interface LitmusResult {
  readonly test: string;
  readonly model: Model;
  /** Every final state that can be, each once. */
  readonly states: readonly FinalState[];
  readonly condition: string;
  readonly verdict: 'allowed' | 'forbidden';
  readonly executions: number;
}

const FIRST_LOCATION = 0x1000;
const LINE = 64;
const BUFFER = 8;
/** The smallest machine that holds a test: it is built anew for each execution. */
const SMALL = {
  memoryPerNode: 1 << 14,
  l1: { size: 1024, ways: 2, line: LINE },
  disk: { blocks: 8, seek: 0, transfer: 1 },
} as const;

type Registers = Map<string, number>;

/**
 * Runs every execution of a test under a model.
 * @param search how to search, by default with partial-order reduction
 */
export function runLitmus(test: LitmusTest, model: Model, search?: Search): LitmusResult {
  const condition = parseCondition(test.exists);
  const locations = locationsOf(test);
  const addressOf = new Map(locations.map((name, index) => [name, FIRST_LOCATION + index * LINE]));
  const states = new Map<string, FinalState>();
  let registers: Registers[] = [];
  const build = (): Machine => {
    const machine = new Machine(
      presetConfig('smp', {
        harts: test.threads.length,
        set: { ...SMALL, storeBuffer: model === 'tso' ? BUFFER : 0 },
      }),
    );
    for (const [name, value] of Object.entries(test.init ?? {}))
      machine.poke(addressOf.get(name) as number, value);
    registers = test.threads.map(() => new Map());
    test.threads.forEach((operations, hart) => {
      machine.start(hart, () => thread(operations, registers[hart] as Registers, addressOf));
    });
    return machine;
  };
  const { executions } = everyExecution(
    build,
    (machine) => {
      const state = finalState(test, registers, locations, (name) =>
        machine.peek(addressOf.get(name) as number),
      );
      states.set(JSON.stringify(state), state);
    },
    search === undefined ? {} : { search },
  );
  const found = [...states.entries()]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, state]) => state);
  return {
    test: test.name,
    model,
    states: found,
    condition: test.exists,
    verdict: found.some(condition.holds) ? 'allowed' : 'forbidden',
    executions,
  };
}

// DOC: litmus-thread
/** A thread: its registers are the only thing that it does not share. */
function* thread(
  operations: readonly Operation[],
  registers: Registers,
  addresses: ReadonlyMap<string, number>,
): Code {
  const address = (name: string): number => addresses.get(name) as number;
  const value = (expression: Value): number => {
    if (typeof expression === 'number') return expression;
    if (typeof expression === 'string') return registers.get(expression) ?? 0;
    return (value(expression[1]) + value(expression[2])) | 0;
  };
  for (const operation of operations) {
    switch (operation[0]) {
      case 'load':
        registers.set(operation[1], yield load(address(operation[2])));
        break;
      case 'store':
        yield store(address(operation[1]), value(operation[2]));
        break;
      case 'swap':
        registers.set(operation[1], yield fetchAndStore(address(operation[2]), value(operation[3])));
        break;
      case 'fetchAdd':
        registers.set(operation[1], yield fetchAndAdd(address(operation[2]), value(operation[3])));
        break;
      case 'cas':
        registers.set(
          operation[1],
          yield compareAndSwap(address(operation[2]), value(operation[3]), value(operation[4])),
        );
        break;
      case 'fence':
        yield fence();
        break;
    }
  }
}

function finalState(
  test: LitmusTest,
  registers: readonly Registers[],
  locations: readonly string[],
  read: (name: string) => number,
): FinalState {
  const state: Record<string, number> = {};
  test.threads.forEach((operations, index) => {
    for (const [kind, register] of operations) {
      if (kind !== 'store' && kind !== 'fence')
        state[`${index}:${register}`] = registers[index]?.get(register as string) ?? 0;
    }
  });
  for (const name of locations) state[name] = read(name);
  return state;
}
