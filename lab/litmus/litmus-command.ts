/** `eddy litmus`: which outcomes a memory model allows, by running every execution. */
import { existsSync } from 'node:fs';
import { UsageError } from '../cli/exit.ts';
import type { Host } from '../cli/host.ts';
import { unknown } from '../cli/nearest.ts';
import { paintFor } from '../view/paint.ts';
import { LITMUS_TESTS } from './catalogue.ts';
import type { LitmusTest } from './litmus-test.ts';
import { wrap } from '../view/wrap.ts';
import { readTests } from './read-test.ts';
import { type LitmusResult, type Model, MODELS, runLitmus } from './run-litmus.ts';

export interface LitmusOptions {
  readonly consistency?: string;
  readonly json?: boolean;
}

/** Runs the tests that `what` names (a shipped one, a file or a folder; all shipped ones if left out). */
export function litmus(what: string | undefined, options: LitmusOptions, host: Host): void {
  const tests = findTests(what);
  const models = options.consistency === undefined ? MODELS : [modelOf(options.consistency)];
  const results = tests.flatMap((test) => models.map((model) => runLitmus(test, model)));
  if (options.json) host.out(`${JSON.stringify(results, null, 2)}\n`);
  else
    tests.forEach((test) =>
      host.out(
        describe(
          test,
          results.filter((result) => result.test === test.name),
          host,
        ),
      ),
    );
}

function modelOf(given: string): Model {
  const model = MODELS.find((candidate) => candidate === given);
  if (model === undefined) throw new UsageError(unknown('consistency', given, MODELS));
  return model;
}

function findTests(what: string | undefined): readonly LitmusTest[] {
  if (what === undefined) return LITMUS_TESTS;
  const shipped = LITMUS_TESTS.find((test) => test.name === what);
  if (shipped !== undefined) return [shipped];
  if (existsSync(what)) return readTests(what);
  if (what.includes('/') || what.endsWith('.json')) throw new UsageError(`${what}: no such file or folder`);
  throw new UsageError(
    unknown(
      'litmus test',
      what,
      LITMUS_TESTS.map((test) => test.name),
    ),
  );
}

function describe(test: LitmusTest, results: readonly LitmusResult[], host: Host): string {
  const paint = paintFor(host);
  const lines = [
    paint.name(test.name),
    ...wrap(test.summary ?? '', host.columns - 2)
      .filter(Boolean)
      .map((line) => `  ${line}`),
    `  exists ${test.exists}`,
  ];
  for (const { model, verdict, states, executions } of results) {
    const word = verdict === 'allowed' ? paint.number(verdict.padEnd(9)) : paint.good(verdict.padEnd(9));
    const ways = `${states.length} final state${states.length === 1 ? '' : 's'}, ${executions} execution${executions === 1 ? '' : 's'}`;
    lines.push(`  ${model.padEnd(3)} ${word} ${paint.dim(ways)}`);
  }
  return `${lines.join('\n')}\n\n`;
}
