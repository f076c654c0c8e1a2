/** Every bug of the zoo's bare part, and the file in which it is. */
import central from './barriers/central.ts';
import dissemination from './barriers/dissemination.ts';
import bothOrders from './locks/both-orders.ts';
import clh from './locks/clh.ts';
import handler from './locks/handler.ts';
import mcsLinking from './locks/mcs-linking.ts';
import mcsRelease from './locks/mcs-release.ts';
import peterson from './locks/peterson.ts';
import testedThenSet from './locks/tested-then-set.ts';
import ticket from './locks/ticket.ts';
import copyOnWrite from './memory/copy-on-write.ts';
import forward from './memory/forward.ts';
import ownership from './memory/ownership.ts';
import shadow from './memory/shadow.ts';
import upgrade from './memory/upgrade.ts';
import writeBack from './memory/write-back.ts';
import activeCalls from './objects/active-calls.ts';
import generations from './objects/generations.ts';
import linkage from './objects/linkage.ts';
import migratingSum from './objects/migrating-sum.ts';
import references from './objects/references.ts';
import representatives from './objects/representatives.ts';
import snapshot from './objects/snapshot.ts';
import stacks from './objects/stacks.ts';
import children from './waiting/children.ts';
import completion from './waiting/completion.ts';
import condition from './waiting/condition.ts';
import idle from './waiting/idle.ts';
import priorities from './waiting/priorities.ts';
import reservation from './waiting/reservation.ts';
import wakeup from './waiting/wakeup.ts';
import type { Bug } from './bug.ts';

const FILES: Readonly<Record<string, Bug>> = {
  'locks/mcs-release.ts': mcsRelease,
  'locks/mcs-linking.ts': mcsLinking,
  'locks/tested-then-set.ts': testedThenSet,
  'locks/ticket.ts': ticket,
  'locks/clh.ts': clh,
  'locks/peterson.ts': peterson,
  'locks/handler.ts': handler,
  'locks/both-orders.ts': bothOrders,
  'barriers/central.ts': central,
  'barriers/dissemination.ts': dissemination,
  'waiting/wakeup.ts': wakeup,
  'waiting/condition.ts': condition,
  'waiting/children.ts': children,
  'waiting/idle.ts': idle,
  'waiting/priorities.ts': priorities,
  'waiting/completion.ts': completion,
  'waiting/reservation.ts': reservation,
  'memory/copy-on-write.ts': copyOnWrite,
  'memory/ownership.ts': ownership,
  'memory/write-back.ts': writeBack,
  'memory/shadow.ts': shadow,
  'memory/upgrade.ts': upgrade,
  'memory/forward.ts': forward,
  'objects/active-calls.ts': activeCalls,
  'objects/generations.ts': generations,
  'objects/references.ts': references,
  'objects/representatives.ts': representatives,
  'objects/migrating-sum.ts': migratingSum,
  'objects/stacks.ts': stacks,
  'objects/linkage.ts': linkage,
  'objects/snapshot.ts': snapshot,
};

export type ListedBug = Bug & {
  /** From the zoo's folder on. */
  readonly file: string;
};

export const ZOO: readonly ListedBug[] = Object.entries(FILES).map(([file, bug]) => ({ ...bug, file }));
