/** A server on a hart where its client never was copies the client's message. Loadable with a changed kernel. */
import { addressOf, type Code, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { ERROR, PORT_KIND } from '../../../kernel/abi/index.ts';
import { bootKernel } from '../../../kernel/index.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { PROCESS } from '../../../kernel/processes/process.ts';
import { HAT } from '../../../kernel/vm/hat-layout.ts';
import { sys } from '../run.ts';

const NAME = [9, 9] as const;

function* server(): Code<number> {
  const port = yield sys('portCreate', ...NAME, PORT_KIND.RESTRICTED);
  const at = yield sys('mmap', 0, 4096, 3, 0);
  let procedure = yield sys('portReceive', port, at, 64, 0);
  while (procedure >= 0) procedure = yield sys('portReplyReceive', port, 0, 0, 0, at, 64);
  return 0;
}

function* client(): Code<number> {
  yield sys('spawn', yield addressOf(server), 0, 1);
  const message = yield sys('mmap', 0, 4096, 3, 0);
  yield store(message, 1);
  let binding = ERROR.ESRCH as number;
  for (; binding < 0; binding = yield sys('portBind', ...NAME)) yield sys('sleep', 500);
  yield sys('portCall', binding, 1, message, 64 << 16, 0, 0);
  for (;;) yield sys('sleep', 1 << 28);
}

/** Harts that a shootdown of the client's pages reaches afterwards, as bits. */
export function hartsReached(): number {
  const machine = new Machine(presetConfig('smp', { harts: 2, set: { memoryPerNode: 4 << 20 } }));
  bootKernel(machine, { entry: client });
  machine.run({ cycles: 1_000_000 });
  const reader = new Reader(machine);
  const process = reader.processes().find((each) => reader.word(each + PROCESS.number) === 1) ?? 0;
  return reader.word(reader.repOf(reader.word(process + PROCESS.hat)) + HAT.harts);
}
