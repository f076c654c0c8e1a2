/**
 * The import boundaries hold on the real tree, and the rules really catch: each planted file below breaks
 * one of them.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { expect, test } from 'vitest';
import rules from '../../.config/dependency-cruiser.mjs';

async function violations(folder: string, layers: string[]): Promise<string[]> {
  const result = await cruise(layers, {
    ...rules.options,
    baseDir: folder,
    ruleSet: { forbidden: rules.forbidden },
    validate: true,
  });
  const { summary } = result.output as ICruiseResult;
  return [...new Set(summary.violations.map((found) => `${found.rule.name}: ${found.from}`))].toSorted();
}

/** A tree with one innocent file per layer and the planted ones. */
function tree(planted: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'eddy-layers-'));
  const innocent = {
    'hw/isa/op.ts': 'export const OP = 1;',
    'hw/machine.ts': "export { OP } from './isa/op.ts';",
    'hw/disk.ts': 'export const disk = 1;',
    'kernel/abi/index.ts': "export { OP } from '../../hw/isa/op.ts';",
    'kernel/vm/fcm.ts': "export { OP } from '../../hw/isa/op.ts';",
    'kernel/boot/loader.ts': "export { OP } from '../../hw/machine.ts';",
    'kernel/inspect/threads.ts': "export { OP } from '../../hw/machine.ts';",
    'userland/index.ts': "export { OP } from '../kernel/abi/index.ts';",
    'lab/cli/main.ts': "export { OP } from '../../hw/machine.ts'; export { readFile } from 'node:fs';",
    'test/x.ts': 'export const x = 1;',
    'tsconfig.json': '{}',
  };
  for (const [path, text] of Object.entries({ ...innocent, ...planted })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${text}\n`);
  }
  return folder;
}

const LAYERS = ['hw', 'kernel', 'userland', 'lab'];

const PLANTED: readonly [rule: string, path: string, text: string][] = [
  ['hw-alone', 'hw/up.ts', "export { OP } from '../kernel/abi/index.ts';"],
  ['hw-alone', 'hw/node.ts', "export { readFileSync } from 'node:fs';"],
  ['hw-alone', 'hw/bare.ts', "export { readFileSync } from 'fs';"],
  ['hw-alone', 'hw/package.ts', "export { default } from 'chalk';"],
  ['hw-alone', 'hw/type.ts', "export type { OP } from '../kernel/abi/index.ts';"],
  ['hw-alone', 'hw/later.ts', "export const later = () => import('../lab/cli/main.ts');"],
  ['kernel-on-instructions', 'kernel/vm/host.ts', "export { OP } from '../../hw/machine.ts';"],
  ['kernel-on-instructions', 'kernel/boot/boot.ts', "export { OP } from '../../hw/machine.ts';"],
  ['kernel-on-instructions', 'kernel/vm/user.ts', "export { OP } from '../../userland/index.ts';"],
  ['kernel-on-instructions', 'kernel/node.ts', "export { cpus } from 'node:os';"],
  ['kernel-host-side', 'kernel/inspect/disk.ts', "export { disk } from '../../hw/disk.ts';"],
  ['kernel-host-side', 'kernel/inspect/lab.ts', "export { OP } from '../../lab/cli/main.ts';"],
  ['abi-alone', 'kernel/abi/leak.ts', "export { OP } from '../vm/fcm.ts';"],
  ['userland-on-abi', 'userland/inside.ts', "export { OP } from '../kernel/vm/fcm.ts';"],
  ['userland-on-abi', 'userland/machine.ts', "export { OP } from '../hw/machine.ts';"],
  ['userland-on-abi', 'userland/node.ts', "export { cpus } from 'node:os';"],
  ['lab-below', 'lab/test.ts', "export { x } from '../test/x.ts';"],
  ['no-dev-packages', 'lab/dev.ts', "export { test } from 'no-such-package';"],
  ['no-cycles', 'lab/cycle.ts', "import { b } from './other.ts'; export const a = () => b;"],
];

test('the tree keeps to its layers', async () => {
  expect(await violations(process.cwd(), LAYERS)).toEqual([]);
});

test('an innocent tree passes', async () => {
  const folder = tree({});
  try {
    expect(await violations(folder, LAYERS)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every planted import against the layers is caught', async () => {
  const folder = tree({
    ...Object.fromEntries(PLANTED.map(([, path, text]) => [path, text])),
    'lab/other.ts': "import { a } from './cycle.ts'; export const b = () => a;",
  });
  try {
    const found = await violations(folder, LAYERS);
    for (const [rule, path] of PLANTED) expect(found).toContain(`${rule}: ${path}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
