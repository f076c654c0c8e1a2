/** Makes counters, lets all harts use them, and destroys them one by one. */
import type { Code } from '../../../hw/isa/index.ts';
import { CLASS } from '../../../kernel/classes.ts';
import { createCounter, useCounter } from '../../../kernel/counters/counter-object.ts';
import { localBase } from '../../../kernel/hart-local.ts';
import { parseDegree, Reader } from '../../../kernel/index.ts';
import { blocksInUse } from '../../../kernel/inspect/heap-blocks.ts';
import { limboOf, repsOfRoot } from '../../../kernel/inspect/objects.ts';
import { free } from '../../../kernel/memory/heap.ts';
import { destroyObject } from '../../../kernel/objects/object.ts';
import { configFor } from '../framework/bare-machine.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { generationSlot, inside } from '../framework/inside.ts';
import { KernelMachine } from '../framework/kernel-machine.ts';

export function measureDestruction(cell: Cell, settings: Settings): Row {
  const { degree, harts } = cell as { readonly degree: string; readonly harts: number };
  const { objects, rounds } = settings.parameters as { readonly objects: number; readonly rounds: number };
  const kernel = new KernelMachine(configFor('cc-numa', { harts }, settings));
  const { machine } = kernel;
  const refs: number[] = [];
  const slots: number[] = [];

  kernel.run(function* (hart) {
    slots[hart] = yield* generationSlot();
    if (hart > 0) return;
    for (let index = 0; index < objects; index++)
      refs.push(
        yield* createCounter(yield* localBase(), CLASS.counterPartitioned, parseDegree(degree) as number),
      );
  });
  const use = function* (hart: number, times: number): Code {
    const local = yield* localBase();
    for (const ref of refs)
      for (let round = 0; round < times; round++)
        yield* inside(local, slots[hart] as number, useCounter(local, ref, 1));
  };
  kernel.run((hart) => use(hart, 1));
  const used = kernel.run((hart) => use(hart, rounds));
  const reader = new Reader(machine);
  const representatives = repsOfRoot(reader, reader.rootOf(refs[0] as number)).length;

  let unlinked = 0;
  let freed = 0;
  kernel.run(
    function* () {
      const local = yield* localBase();
      const destroy = function* (ref: number): Code {
        const begin = machine.clock(0);
        yield* destroyObject(local, ref);
        unlinked += machine.clock(0) - begin;
      };
      for (const ref of refs) {
        const begin = machine.clock(0);
        // Nobody else is inside: on the way out the token goes all round, and the object is freed.
        yield* inside(local, slots[0] as number, destroy(ref));
        freed += machine.clock(0) - begin;
      }
    },
    [0],
  );
  kernel.run(function* (hart) {
    yield* free(slots[hart] as number);
  });
  const limbo = Array.from({ length: harts }, (_, hart) => limboOf(reader, hart).length);
  return {
    representatives,
    perUse: used.cycles / (rounds * objects),
    unlinked: unlinked / objects,
    freed: freed / objects,
    left: limbo.reduce((sum, count) => sum + count, 0) + blocksInUse(reader),
  };
}
