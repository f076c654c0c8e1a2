import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExperimentResult } from '../../../lab/experiments/framework/conduct.ts';
import { besideTheNotes } from '../../../lab/experiments/grading/beside.ts';
import { eddy, eddyJson } from '../captured-host.ts';

/** A ticket lock written anew, with both words where ours has them. */
const TURNS = `import { type Code, fetchAndAdd, LINE, load, type Lock, type LockKind, MARK, mark, spinUntil, store } from 'eddy-os/userland';
const turns = (word: number): Lock => ({
  *acquire(): Code {
    yield mark(MARK.lockWanted, word);
    const mine = yield fetchAndAdd(word, 1);
    yield spinUntil(word + LINE, mine);
    yield mark(MARK.lockAcquired, word);
  },
  *release(): Code {
    yield mark(MARK.lockReleased, word);
    yield store(word + LINE, (yield load(word + LINE)) + 1);
  },
});
export default { id: 'turns', summary: 's', fifo: true, blocking: false, nodeSize: 0, size: () => LINE + 4, at: turns } satisfies LockKind;
`;
const WAITS = 'yield spinUntil(word + LINE, mine);';

/** A counting barrier, sense and count in a line each. */
const ROUND = `import { type BarrierKind, fetchAndAdd, LINE, load, spinUntilNot, store } from 'eddy-os/userland';
export default {
  id: 'round', summary: 's', size: () => 2 * LINE,
  at: (word, participants) => ({
    *wait() {
      const sense = yield load(word + LINE);
      if ((yield fetchAndAdd(word, 1)) < participants - 1) return void (yield spinUntilNot(word + LINE, sense));
      yield store(word, 0);
      yield store(word + LINE, 1 - sense);
    },
  }),
} satisfies BarrierKind;
`;

/** What a kind over messages looks like; it sends none, and so nobody waits. */
const ALONE = `export default { id: 'alone', summary: 's', messages: true, size: () => 64, at: () => ({ *wait() {} }) };`;

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'eddy-own-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string): string {
  const written = path.join(directory, name);
  writeFileSync(written, text);
  return written;
}
const lockFile = (name: string, change: (text: string) => string = (text) => text): string =>
  file(name, change(TURNS));

/** What a command line says on standard error, without the folder's name. */
async function refusal(...args: string[]): Promise<{ status: number; line: string }> {
  const { status, errors } = await eddy('experiment', ...args);
  return { status, line: errors.replaceAll(`${directory}${path.sep}`, '') };
}

/** The document of `eddy experiment …`, the words of `text` and then `others`. */
const measured = (text: string, ...others: readonly string[]) =>
  eddyJson<ExperimentResult>('experiment', ...text.split(' '), ...others);

const verdictsOf = ({ claims }: ExperimentResult): Record<string, unknown> =>
  Object.fromEntries(
    claims.filter(({ id }) => id.startsWith('own-')).map(({ id, verdict }) => [id, verdict]),
  );

const SMALL = '--quick --set machine=symmetry,cc-numa --harts 1,4,8';

describe('a lock of the user', () => {
  test('that is the ticket lock written anew gets the figures of the ticket lock, and keeps what it promises', async () => {
    const result = await measured(`locks ${SMALL} --jobs 1 --set lock=ticket --lock`, lockFile('turns.ts'));
    const of = (lock: string) =>
      result.rows.filter((row) => row['lock'] === lock).map((row) => ({ ...row, lock: '' }));
    expect(of('turns').length).toBeGreaterThan(5);
    expect(of('turns')).toEqual(of('ticket'));
    expect(verdictsOf(result)).toEqual({
      'own-ends': 'holds',
      'own-exclusion': 'holds',
      'own-fifo': 'holds',
    });
  });

  test('has the same rows on one thread and on two, also where it fails', async () => {
    const throws = lockFile('throws.ts', (text) =>
      text.replace(WAITS, `if (mine > 40) throw new Error('no'); ${WAITS}`),
    );
    const on = (jobs: string) => measured(`locks ${SMALL} --jobs ${jobs} --lock`, throws);
    const [one, two] = [await on('1'), await on('2')];
    expect(two.rows).toEqual(one.rows);
    expect(two.claims).toEqual(one.claims);
    const reasons = one.rows.filter((row) => row['lock'] === 'turns').map((row) => row['notMeasured']);
    expect(reasons).toContainEqual(
      expect.stringMatching(/^turns failed: .*throws\.ts:6:\d+ .*hart \d: Error: no$/),
    );
    expect(verdictsOf(one)).toMatchObject({ 'own-ends': 'fails' });
    expect(one.status).toBe(1);
  });

  test.each([
    ['lets two in', '', { 'own-exclusion': 'fails' }],
    ['waits for ever', 'yield spinUntil(word + LINE, 999);', { 'own-ends': 'fails' }],
  ])('that %s fails its claim, and no claim about ours: status 1', async (_, instead, verdicts) => {
    const result = await measured(
      'locks --quick --jobs 1 --harts 4 --set machine=symmetry --set lock=mcs --lock',
      lockFile('bad.ts', (text) => text.replace(WAITS, instead)),
    );
    expect(verdictsOf(result)).toMatchObject(verdicts);
    expect(result.claims.find(({ id }) => id === 'M6-exclusion')).toMatchObject({ verdict: 'holds' });
    expect(result.status).toBe(1);
  });

  test('is in the files beside ours, and alone if its id alone is asked for', async () => {
    const out = path.join(directory, 'out');
    const sweep = `locks --quick --jobs 1 --harts 1,2 --set measure=contest --set machine=symmetry`;
    await measured(`${sweep} --out ${out} --lock`, lockFile('turns.ts'));
    expect(readFileSync(path.join(out, 'locks.csv'), 'utf8')).toContain('contest,symmetry,turns,2,');
    expect(readFileSync(path.join(out, 'locks-contest.svg'), 'utf8')).toContain('>turns<');
    const { rows } = await measured(`${sweep} --set lock=turns --lock`, lockFile('turns.ts'));
    expect(new Set(rows.map((row) => row['lock']))).toEqual(new Set(['turns']));
  });

  test('is graded beside the notes: the grades of what it is a copy of, and no line of the notes', async () => {
    const result = await measured('grading --quick --jobs 2 --lock', lockFile('turns.ts'));
    const lines = besideTheNotes(result.rows, 'turns');
    const at = (lock: string): number => lines.findIndex((line) => line['lock'] === lock);
    expect(Object.values(lines[at('turns')] ?? {}).filter((text) => text !== '')).toEqual(['turns']);
    const plain = Object.entries(lines[at('ticket') + 1] ?? {}).map(([key, text]) => [
      key,
      String(text).replace('✗', ''),
    ]);
    expect(Object.entries(lines[at('turns') + 1] ?? {})).toEqual(plain);
    expect(lines).toHaveLength(at('turns') + 2);
    expect(result.claims.filter(({ id }) => id.includes('turns'))).toEqual([]);
  });

  test('is drawn in 80 columns, with dashes for grades that lack a figure', async () => {
    const { output } = await eddy(
      ...'experiment grading --quick --jobs 1 --set lock=turns --lock'.split(' '),
      lockFile('turns.ts'),
    );
    expect(output).toMatch(/turns +│ [ │]+\n│ +on smp +│–/);
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('a barrier of the user', () => {
  test('is measured like the one whose copy it is, the same on two threads', async () => {
    const on = (jobs: string) =>
      measured(
        `barriers ${SMALL} --set barrier=sense-reversing --jobs ${jobs} --barrier`,
        file('round.ts', ROUND),
      );
    const [one, two] = [await on('1'), await on('2')];
    expect(two.rows).toEqual(one.rows);
    const of = (barrier: string) =>
      one.rows.filter((row) => row['barrier'] === barrier).map((row) => ({ ...row, barrier: '' }));
    expect(of('round').length).toBeGreaterThan(3);
    expect(of('round')).toEqual(of('sense-reversing'));
    expect(verdictsOf(one)).toEqual({ 'own-ends': 'holds', 'own-early': 'holds' });
  });

  test('over messages is measured on a cluster, and seen if somebody passes early', async () => {
    const result = await measured(
      'barriers --quick --harts 4 --jobs 1 --set barrier=alone --barrier',
      file('alone.js', ALONE),
    );
    expect(result.rows.map((row) => row['machine'])).toEqual(['cluster']);
    expect(verdictsOf(result)).toEqual({ 'own-ends': 'holds', 'own-early': 'fails' });
    expect(result.status).toBe(1);
  });
});

describe('refused in one line, status 2', () => {
  test.each([
    [
      ['locks', '--lock', 'mcs'],
      '--lock mcs: --lock takes a file of your own here; ours are chosen by --set lock=mcs',
    ],
    [
      ['barriers', '--barrier', 'contin'],
      '--barrier contin: --barrier takes a file of your own here, and there is no such barrier of ours; did you mean --set barrier=counting?',
    ],
    [['locks', '--lock', './tiket.ts'], "no such file: ./tiket.ts; the nearest listed lock is 'ticket'"],
    [
      ['coherence', '--lock', './x.ts'],
      'experiment coherence takes no --lock; those that do: locks, grading',
    ],
    [['locks', '--barrier', './x.ts'], 'experiment locks takes no --barrier; those that do: barriers'],
  ])('%j', async (args, line) => {
    expect(await refusal(...args)).toEqual({ status: 2, line: `eddy: ${line}\n` });
  });

  test.each([
    ['mcs.ts', "'turns'", "'mcs'", "mcs.ts: 'mcs' is the id of a lock of ours; give yours another one"],
    ['empty.ts', "'turns'", "''", 'empty.ts: its \'id\' is ""; letters, digits and hyphens are wanted'],
    [
      'sleeps.ts',
      'blocking: false',
      'blocking: true',
      'sleeps.ts: lock turns makes waiters sleep in the kernel, and grading measures without one',
    ],
    ['broken.ts', 'const turns', 'const = turns', /^broken\.ts:2:\d+ /],
    ['typed.ts', 'nodeSize: 0', 'nodeSize: "0"', /^typed\.ts:14:\d+ Type 'string' is not assignable/],
  ])('%s', async (name, from, to, message) => {
    const { status, line } = await refusal(
      'grading',
      '--lock',
      lockFile(name, (text) => text.replace(from, to)),
    );
    expect(status).toBe(2);
    if (typeof message === 'string') expect(line).toBe(`eddy: ${message}\n`);
    else expect(line.replace(/^eddy: /, '')).toMatch(message);
    if (name !== 'broken.ts') expect(line.split('\n')).toHaveLength(2);
  });

  test('a JavaScript file without an id', async () => {
    const { status, line } = await refusal('locks', '--lock', file('none.js', 'export default {};'));
    expect({ status, line }).toEqual({
      status: 2,
      line: "eddy: none.js: not a lock: its 'id', a string, is missing\n",
    });
  });
});
