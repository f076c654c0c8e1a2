/**
 * Type-checks a user's file with the TypeScript compiler's API, strictly, as ES2022 without DOM or Node.js: a
 * program runs on the emulated machine and finds no host there. Only errors in the user's files are told.
 */
import path from 'node:path';
import type ts from 'typescript';
import { formatLocation } from './location.ts';
import { isOwn, OWN_MODULES, typesOf } from './own-modules.ts';

/** @returns one line for each error: `file:line:column message` */
export async function typeCheck(file: string): Promise<string[]> {
  if (!/\.m?ts$/.test(file)) return [];
  const { default: typescript } = await import('typescript');
  const program = typescript.createProgram([file], optionsFor(typescript));
  const errors = program
    .getSourceFiles()
    .filter((source) => isUsers(source.fileName))
    .flatMap((source) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ])
    .filter((diagnostic) => diagnostic.category === typescript.DiagnosticCategory.Error);
  return errors.map(formatDiagnostic);
}

const optionsFor = (typescript: typeof ts): ts.CompilerOptions => ({
  target: typescript.ScriptTarget.ES2022,
  module: typescript.ModuleKind.ESNext,
  moduleResolution: typescript.ModuleResolutionKind.Bundler,
  lib: ['lib.es2022.d.ts'],
  types: [],
  paths: Object.fromEntries(OWN_MODULES.map((module) => [module.name, [typesOf(module)]])),
  strict: true,
  // A helper generator without a return type is no mistake: its yields are numbers all the same.
  noImplicitAny: false,
  noEmit: true,
  allowJs: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
});

const isUsers = (file: string): boolean =>
  !file.endsWith('.d.ts') && !isOwn(path.resolve(file)) && !file.includes('/node_modules/');

/** What is wrong, and the innermost reason; the steps between them fill pages. */
function summarize(message: string | ts.DiagnosticMessageChain): string {
  if (typeof message === 'string') return message;
  let reason = message;
  while (reason.next?.[0] !== undefined) reason = reason.next[0];
  return reason === message ? message.messageText : `${message.messageText} ${reason.messageText}`;
}

function formatDiagnostic({ file, start, messageText }: ts.Diagnostic): string {
  const message = summarize(messageText).replaceAll(/\s+/g, ' ');
  if (file === undefined || start === undefined) return message;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return `${formatLocation({ file: path.resolve(file.fileName), line: line + 1, column: character + 1 })} ${message}`;
}
