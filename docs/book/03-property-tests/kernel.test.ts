/** Properties of the kernel, on any machine: what is mapped is zero, and a disk that fails is answered with an error. */
import { expectWhile, faultLists, fc, runKernel, scenarios, startKernel } from 'eddy-os/testing';
import { type Code, ERROR, LIMIT, load, MAP, mmap, munmap, store } from 'eddy-os/userland';
import { expect, test } from 'vitest';

const PAGES = 4 * LIMIT.PAGE;

function* reuses(): Code<number> {
  for (let round = 0; round < 2; round++) {
    const memory = yield* mmap(0, PAGES, MAP.READ | MAP.WRITE, 0);
    for (let at = memory; at < memory + PAGES; at += 1024) {
      if ((yield load(at)) !== 0) return 1;
      yield store(at, -1);
    }
    yield* munmap(memory, PAGES);
  }
  return 0;
}

test('memory that is mapped is zero, and the invariants hold whenever the kernel is left', () => {
  const property = fc.property(scenarios({ machines: { harts: 2 } }), (scenario) => {
    const { stop } = expectWhile(startKernel(reuses, scenario), { when: 'kernel-exit' });
    expect(stop).toEqual({ kind: 'halted', status: 0 });
  });
  fc.assert(property, { numRuns: 5 });
});

/** Writes to an extent of the disk; what it answers is the status of the process: 0, or EIO. */
function* writes(): Code<number> {
  const extent = yield* mmap(0, PAGES, MAP.READ | MAP.WRITE | MAP.DISK, 0);
  for (let at = extent; at < extent + PAGES; at += LIMIT.PAGE) yield store(at, 7);
  return (yield* munmap(extent, PAGES)) === ERROR.EIO ? 5 : 0;
}

test('a disk error is an error code or the end of the process, and never of the kernel', () => {
  const DISK_ERROR = -66;
  const faults = faultLists({ kinds: ['diskError', 'badBlock'], requests: 8, blocks: 32 });
  const property = fc.property(faults, (list) => {
    const { stop } = runKernel(writes, { faults: list });
    expect([0, 5, DISK_ERROR]).toContain(stop.kind === 'halted' ? stop.status : stop.kind);
  });
  fc.assert(property, { numRuns: 20 });
});
