/** A user's file and all that it imports as one module (esbuild), with a source map. */
import path from 'node:path';
import type { BuildFailure, Message, Plugin } from 'esbuild';
import { UsageError } from '../cli/exit.ts';
import { displayPath, formatLocation } from './location.ts';
import { isOwn, OWN_MODULES, shared } from './own-modules.ts';

export interface Bundle {
  /** Text of the module. */
  readonly code: string;
  /** Its source map, as JSON; the sources are absolute paths once resolved against `directory`. */
  readonly map: string;
  readonly directory: string;
}

/** @throws UsageError for a syntax error or an import that cannot be resolved: `file:line:column message` */
export async function bundle(file: string): Promise<Bundle> {
  const { build } = await import('esbuild');
  const directory = path.dirname(file);
  const result = await build({
    entryPoints: [file],
    outfile: path.join(directory, 'program.mjs'),
    absWorkingDir: directory,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    sourcemap: 'external',
    sourcesContent: false,
    charset: 'utf8',
    logLevel: 'silent',
    // The user's tsconfig.json is written for another program than this one.
    tsconfigRaw: {},
    plugins: [ownModules],
  }).catch((failure: BuildFailure) => {
    throw new UsageError(
      failure.errors?.map((error) => formatMessage(error, directory)).join('\n') ?? String(failure),
    );
  });
  const text = (ending: string): string =>
    result.outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { code: text('.mjs'), map: text('.map'), directory };
}

/** `eddy-os/…` means the modules of this process; nothing of ours is bundled a second time. */
const ownModules: Plugin = {
  name: 'eddy-os',
  setup(build) {
    build.onResolve({ filter: /^eddy-os(\/|$)/ }, ({ path: name }) => {
      if (OWN_MODULES.some((module) => module.name === name)) return { path: name, namespace: 'eddy-os' };
      const choices = OWN_MODULES.map((module) => `'${module.name}'`).join(', ');
      return { errors: [{ text: `no module '${name}'; a program may import ${choices}` }] };
    });
    build.onLoad({ filter: /.*/, namespace: 'eddy-os' }, ({ path: name }) => {
      const module = OWN_MODULES.find((candidate) => candidate.name === name);
      return module && { contents: shared(module), loader: 'js' };
    });
    build.onLoad({ filter: /\.[cm]?[jt]s$/ }, ({ path: file }) => {
      if (!isOwn(file)) return undefined;
      const module = OWN_MODULES.find((candidate) => file.startsWith(`${candidate.path}.`));
      if (module !== undefined) return { contents: shared(module), loader: 'js' };
      return {
        errors: [
          { text: `${displayPath(file)} cannot be loaded as a part of a program; import 'eddy-os/userland'` },
        ],
      };
    });
  },
};

function formatMessage({ text, location }: Message, directory: string): string {
  if (location === null) return text;
  const { file, line, column } = location;
  return `${formatLocation({ file: path.resolve(directory, file), line, column: column + 1 })} ${text}`;
}
