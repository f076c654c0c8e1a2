/** Runs a program beside the file server, over an image; and looks at the end as every test of files does. */
import { expect } from 'vitest';
import type { Fault } from '../../../../hw/faults/fault.ts';
import type { Code } from '../../../../hw/isa/index.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { checkInvariants } from '../../../../kernel/index.ts';
import { type Ran, runKernel } from '../../../../lab/testing/run-kernel.ts';
import { type FileTransport, filesByLrpc } from '../../../../userland/files/attach.ts';
import { FileSystem } from '../../../../userland/files/file-system.ts';
import { Env } from '../../../../userland/runtime/env.ts';
import { fileServers } from '../../../../userland/servers/index.ts';
import { check } from './ext2-image.ts';

/** What the first thread does with files; gives the exit status. */
export type WithFiles = (files: FileSystem, env: Env, binding: number) => Code<number>;

export interface FilesChoice {
  readonly by?: FileTransport;
  readonly harts?: number;
  readonly seed?: number;
  readonly faults?: readonly Fault[];
  readonly steps?: number;
}

const SECTOR = 512;

/** Runs a program; nothing is expected of its end. */
export function runFiles(image: Uint8Array, program: WithFiles, choice: FilesChoice = {}): Ran {
  const { by = filesByLrpc, harts = 2, seed = 1, faults = [], steps = 60_000_000 } = choice;
  const disk = { blocks: image.length / SECTOR, seek: 20_000, transfer: 500 };
  const config = presetConfig('cc-numa', { harts, seed, set: { memoryPerNode: 8 << 20, disk } });
  function* entry(_argument: number, block: number): Code<number> {
    const env = new Env(block);
    const binding = yield* FileSystem.attach(by, env);
    if (binding < 0) return 100;
    return yield* program(yield* FileSystem.at(by, binding, env), env, binding);
  }
  return runKernel(entry, { config, disk: image, servers: fileServers, faults, steps });
}

/** Runs a program to its end with status 0, and expects the kernel's invariants, and that e2fsck finds nothing. */
export function expectFiles(image: Uint8Array, program: WithFiles, choice: FilesChoice = {}): Ran {
  const ran = runFiles(image, program, choice);
  expect(ran.stop, ran.output).toEqual({ kind: 'halted', status: 0 });
  expect(checkInvariants(ran.machine).filter(({ ok }) => !ok)).toEqual([]);
  const checked = check(ran.disk);
  expect(checked.status, checked.text).toBe(0);
  return ran;
}
