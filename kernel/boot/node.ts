/** What a node's first hart makes: the kernel's root table for the node, and the node's DSM. */
import { DEVICE_BASE } from '../../hw/address-map.ts';
import { type Code, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { NODE_BLOCK, ROOT_TABLE } from '../layout.ts';
import { FixedRoot } from '../objects/fixed-root.ts';
import { registerRoot } from '../objects/miss-handler-table.ts';
import { Dsm, dsmRef } from '../vm/dsm.ts';
import { PTE, pteFor, slot1, SUPERPAGE } from '../vm/page-table.ts';

/** Makes the node at `base` ready for use by its harts. */
export function* prepareNode(base: number, block: number, local: number): Code {
  yield* mapEverything(base + ROOT_TABLE, local);
  yield* makeDsm(base, block, local);
}

/** Maps physical to virtual addresses one to one, by superpages: all memory and the devices. */
function* mapEverything(root: number, local: number): Code {
  const end = (yield load(local + HART.memoryPerNode)) * (yield load(local + HART.nodes));
  // A and D are set beforehand, so that the walker never has to.
  const flags = PTE.V | PTE.R | PTE.W | PTE.A | PTE.D | (yield load(local + HART.pageFlags));
  for (let address = 0; address < end; address += SUPERPAGE)
    yield store(slot1(root, address), pteFor(address, flags));
  const devices = DEVICE_BASE & -SUPERPAGE;
  yield store(slot1(root, devices), pteFor(devices, flags));
}

function* makeDsm(base: number, block: number, local: number): Code {
  const node = yield load(local + HART.node);
  const dsm = block + NODE_BLOCK.dsm;
  const root = block + NODE_BLOCK.dsmRoot;
  const first = base + (yield load(block + NODE_BLOCK.firstFrame));
  yield* new Dsm(dsm).initialize(node, first, base + (yield load(block + NODE_BLOCK.endOfFrames)));
  const ref = dsmRef(node, yield load(local + HART.hartsPerNode), yield load(local + HART.refsPerHart));
  yield* new FixedRoot(root).initialize(ref, dsm);
  yield* registerRoot(local, ref, root);
}
