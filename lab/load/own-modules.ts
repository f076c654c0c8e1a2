/**
 * The modules that a user's file may import by name, and where they are: sources while developing, built files
 * when installed. `shared` hands the file the instances that this process runs; a second copy would have
 * an instruction record of its own, which no hart reads.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as isa from '../../hw/isa/index.ts';
import * as scheduling from '../../kernel/scheduling/index.ts';
import * as userland from '../../userland/index.ts';

/** The directory that holds hw, kernel, userland and lab: of sources or of built files. */
const ROOT = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));

const built = import.meta.url.endsWith('.js');

export interface OwnModule {
  readonly name: string;
  /** File without extension. */
  readonly path: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

export const OWN_MODULES: readonly OwnModule[] = [
  { name: 'eddy-os/userland', path: path.join(ROOT, 'userland/index'), exports: userland },
  // For scheduling policies, which are part of the kernel.
  { name: 'eddy-os/scheduling', path: path.join(ROOT, 'kernel/scheduling/index'), exports: scheduling },
  // For programs without a kernel, which run in supervisor mode: the privileged instructions, too.
  { name: 'eddy-os/isa', path: path.join(ROOT, 'hw/isa/index'), exports: isa },
];

/** The file in which the type checker finds a module's types. */
export const typesOf = (module: OwnModule): string => `${module.path}${built ? '.d.ts' : '.ts'}`;

/** Whether a file belongs to the layers that exist once in a process. */
export const isOwn = (file: string): boolean =>
  ['hw', 'kernel', 'userland'].some((layer) => file.startsWith(path.join(ROOT, layer) + path.sep));

const REGISTRY = Symbol.for('eddy-os/modules');

/** The source of a module that re-exports the instance of this process. */
export function shared(module: OwnModule): string {
  const registry = ((globalThis as Record<symbol, unknown>)[REGISTRY] ??= {}) as Record<string, unknown>;
  registry[module.name] = module.exports;
  const names = Object.keys(module.exports);
  return [
    `const module = globalThis[Symbol.for(${JSON.stringify(REGISTRY.description)})][${JSON.stringify(module.name)}];`,
    `export const { ${names.join(', ')} } = module;`,
  ].join('\n');
}
