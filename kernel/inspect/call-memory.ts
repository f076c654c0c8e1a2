/**
 * Memory of calls by LRPC: what a process shares with another belongs to a binding of one of them, and is mapped as that
 * says; an E-stack is free or tied to one linkage.
 */
import { BINDING, BOUND, boundAt, CHUNK, EXPORT, LINKAGE, linkageAt, SEGMENT } from '../ipc/lrpc/layout.ts';
import { PAGE_SIZE } from '../layout.ts';
import { PROCESS } from '../processes/process.ts';
import { LINK, LINK_KIND } from '../vm/region-list.ts';
import { hex } from './findings.ts';
import type { Reader } from './reader.ts';

/** Linkage records of a binding. */
export const linkagesOf = (reader: Reader, binding: number): number[] =>
  chunksOf(reader, binding).flatMap((chunk) =>
    Array.from({ length: reader.word(chunk + CHUNK.count) }, (_, index) => linkageAt(chunk, index)),
  );

function chunksOf(reader: Reader, binding: number): number[] {
  const procedures = Array.from({ length: reader.word(binding + BINDING.count) }, (_, index) => index);
  return (
    procedures
      // One without calls of its own uses the A-stacks of another.
      .filter((procedure) => reader.word(boundAt(binding, procedure) + BOUND.calls) !== 0)
      .flatMap((procedure) => reader.list(boundAt(binding, procedure) + BOUND.chunk, CHUNK.next))
  );
}

/** What is wrong with the memory that living processes share. */
export function checkSharedMemory(reader: Reader, bindings: readonly number[]): string[] {
  const expected = new Map<number, Set<number>>();
  const expect = (process: number, base: number): void => {
    if (base === 0) return;
    const bases = expected.get(process) ?? new Set();
    expected.set(process, bases.add(base));
  };
  for (const binding of bindings) {
    const client = reader.word(binding + BINDING.client);
    const server = reader.word(binding + BINDING.server);
    // The process of a side that has gone is another's reference by now, perhaps.
    if (reader.word(binding + BINDING.bound) !== 0)
      for (const base of basesOf(reader, binding, 'client')) expect(client, base);
    if (reader.word(reader.word(binding + BINDING.exported) + EXPORT.serverGone) === 0)
      for (const base of basesOf(reader, binding, 'server')) expect(server, base);
  }
  return reader
    .processes()
    .filter((process) => reader.word(process + PROCESS.dying) === 0)
    .flatMap((process) => {
      const mapped = reader
        .links(process)
        .filter((link) => reader.word(link + LINK.kind) === LINK_KIND.shared)
        .map((link) => reader.word(link + LINK.base));
      const wanted = expected.get(reader.word(process + PROCESS.ref)) ?? new Set();
      const who = `process ${reader.word(process + PROCESS.number)}`;
      return [
        ...mapped
          .filter((base) => !wanted.has(base))
          .map((base) => `${who} has memory of no binding at ${hex(base)}`),
        ...[...wanted]
          .filter((base) => !mapped.includes(base))
          .map((base) => `${who} has no memory of a binding at ${hex(base)}`),
      ];
    });
}

/** Where regions of a binding begin on one of its sides. */
function basesOf(reader: Reader, binding: number, side: 'client' | 'server'): number[] {
  const isClient = side === 'client';
  const own = isClient && reader.word(binding + BINDING.clientMapped) === 0 ? 0 : side;
  const first = own === 0 ? 0 : reader.word(binding + (isClient ? BINDING.clientBase : BINDING.serverBase));
  const chunks = chunksOf(reader, binding)
    .filter((chunk) => reader.word(chunk + CHUNK.bytes) !== 0)
    .filter((chunk) => !isClient || reader.word(chunk + CHUNK.clientMapped) !== 0)
    .map((chunk) => reader.word(chunk + (isClient ? CHUNK.clientBase : CHUNK.serverBase)));
  const segments = linkagesOf(reader, binding)
    .map((linkage) => reader.word(linkage + LINKAGE.segment))
    .filter((segment) => segment !== 0)
    .map((segment) => reader.word(segment + (isClient ? SEGMENT.client : SEGMENT.server)) & -PAGE_SIZE);
  return [first, ...chunks, ...segments];
}

/** What is wrong with the E-stacks of an export whose bindings' linkages are given. */
export function checkStacks(reader: Reader, exported: number, linkages: readonly number[]): string[] {
  const free = Array.from({ length: reader.word(exported + EXPORT.stacksFree) }, (_, index) =>
    reader.word(exported + EXPORT.stacks + 4 * index),
  );
  const tied = linkages
    .map((linkage) => reader.word(linkage + LINKAGE.eStack))
    .filter((stack) => stack !== 0);
  const all = [...free, ...tied];
  const made = reader.word(exported + EXPORT.stacksMade);
  const who = `the export at ${hex(exported)}`;
  if (new Set(all).size !== all.length) return [`${who} has an E-stack twice`];
  if (all.length === made) return [];
  return [`${who} made ${made} E-stacks, of which ${free.length} are free and ${tied.length} tied`];
}
