import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExploreResult } from '../../../lab/explore/explore-result.ts';
import { STRATEGIES } from '../../../lab/explore/strategy.ts';
import { eddy, eddyJson } from '../captured-host.ts';

const run = promisify(execFile);

const LOST_UPDATE = 'docs/book/02-testing-concurrency/lost-update.ts';
/** Programs of which each hart executes one of these bodies. */
const BODIES = {
  'both-orders': `
    const first = (yield* env.memory()) + 64 * env.hart();
    const second = (yield* env.memory()) + 64 * (1 - env.hart());
    for (const lock of [first, second]) while (yield testAndSet(lock)) yield spinUntil(lock, 0);
    for (const lock of [first, second]) yield store(lock, 0);`,
  throws: `
    const memory = yield* env.memory();
    yield store(memory, env.hart());
    if ((yield load(memory)) !== env.hart()) throw new Error('not mine');`,
  status: `
    return yield fetchAndStore(yield* env.memory(), env.hart() + 1);`,
  polls: `
    const memory = yield* env.memory();
    if (env.hart() === 0) while ((yield load(memory)) === 0);
    else yield store(memory, 1);`,
  'never-yields': `
    for (;;);`,
} as const;

/** A hart that counts without a lock, as does the handler of its timer. */
const TIMER = `
  import { type Code, load, program, report, spinUntil, store } from 'eddy-os/userland';
  import { addressOf, csrRead, csrWrite, SSTATUS, supervisorReturn } from 'eddy-os/isa';
  const [COUNT, DONE] = [0x10000, 0x10040];
  function* add(): Code {
    yield store(COUNT, (yield load(COUNT)) + 1);
  }
  function* handler(): Code {
    yield csrWrite('stimecmp', 0);
    yield* add();
    yield store(DONE, 1);
    yield supervisorReturn();
  }
  export default program({
    name: 'timer', summary: 'goes wrong', *main() {},
    *bare(env) {
      yield csrWrite('stvec', yield addressOf(handler));
      yield csrWrite('sie', -1);
      yield csrWrite('stimecmp', (yield csrRead('time')) + 5000);
      yield csrWrite('sstatus', SSTATUS.SIE);
      yield* add();
      yield spinUntil(DONE, 1);
      yield csrWrite('sstatus', 0);
      const all = yield load(COUNT);
      yield* report(env, 'total', all === 2, \`counted \${all}\`);
    },
  });`;

let directory = '';
const file = (name: keyof typeof BODIES): string => path.join(directory, `${name}.ts`);

/** Two threads under the kernel that add to a counter without a lock. */
const THREADS = `
  import { type Code, type Env, joinThread, load, MAP, mmap, program, report, spawnThread, spinUntil, store } from 'eddy-os/userland';
  function* announceAndAdd(count: number): Code {
    yield store(count + 64, 1);
    yield* add(count);
  }
  function* add(count: number): Code {
    yield store(count, (yield load(count)) + 1);
  }
  export default program({
    name: 'threads', summary: 'goes wrong', checks: ['total'],
    *main(env: Env) {
      const count = yield* mmap(0, 4096, MAP.READ | MAP.WRITE, 0);
      yield store(count, 0);
      const thread = yield* spawnThread(announceAndAdd, count, 1);
      yield spinUntil(count + 64, 1);
      yield* add(count);
      yield* joinThread(env, thread);
      const all = yield load(count);
      yield* report(env, 'total', all === 2, \`counted \${all}\`);
    },
  });`;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'eddy-test-'));
  for (const [name, body] of Object.entries(BODIES))
    await writeFile(
      path.join(directory, `${name}.ts`),
      `import { fetchAndStore, load, program, spinUntil, store, testAndSet } from 'eddy-os/userland';
       void [fetchAndStore, load, spinUntil, store, testAndSet];
       export default program({ name: '${name}', summary: 'goes wrong', *main() {}, *bare(env) {${body}\n} });`,
    );
});
beforeAll(() => writeFile(path.join(directory, 'threads.ts'), THREADS));
beforeAll(() => writeFile(path.join(directory, 'timer.ts'), TIMER));
afterAll(() => rm(directory, { recursive: true }));

const explore = (...args: string[]) => eddyJson<ExploreResult>('explore', '--bare', ...args);

describe('eddy explore', () => {
  test.each(STRATEGIES)(
    'finds a lost update by %s, and gives the command that runs it again',
    async (strategy) => {
      const { status, failure, program } = await explore(LOST_UPDATE, '--strategy', strategy);
      expect([status, program]).toEqual([3, 'lost-update']);
      expect(failure).toMatchObject({
        invariant: 'check.total',
        message: 'check total failed: counted 1 of 2',
        schedule: '4@h0:load.10000>h1',
        preemptions: 1,
        fewest: true,
        replay: `eddy run --bare ${LOST_UPDATE} --harts 2 --replay '4@h0:load.10000>h1'`,
      });
      expect(failure?.lastSteps.map((steps) => steps.at(-1)?.text)).toEqual([
        'prints check total: FAILED counted 1 of 2⏎',
        'adds 1 to 0x10040, finds 0',
      ]);
    },
  );

  test.each([
    ['bound', 'every schedule with at most 3 preemptions', true],
    ['round-robin', 'every round-robin schedule with at most 3 delays', true],
    ['random', 'some schedules; others may fail', false],
    ['pct', 'each schedule hits a bug of depth 3 with a probability of at least', false],
    ['dpor', 'every schedule, up to the order of independent steps', true],
  ])('finds nothing by %s where the addition is atomic', async (strategy, says, isExhausted) => {
    const { status, failure, covered, exhausted } = await explore(
      LOST_UPDATE,
      '--set=atomic=1',
      `--strategy=${strategy}`,
      '--schedules=700',
    );
    expect([status, failure, exhausted]).toEqual([0, null, isExhausted]);
    expect(covered).toContain(says);
  });

  test.each([
    ['both-orders', 'deadlock', 'deadlock: nobody can go on; hart 0 spins'],
    ['throws', 'crash', 'Error: not mine'],
    ['status', 'status', 'ended with status'],
    ['polls', 'steps', 'did not end within 200 steps'],
  ] as const)('says of the program %s that it breaks: %s', async (name, invariant, message) => {
    const { status, failure } = await explore(file(name), '--max-steps', '200');
    expect([status, failure?.invariant]).toEqual([3, invariant]);
    expect(failure?.message).toContain(message);
  });

  test('finds a lost update under the kernel, and a schedule that repeats it from the boot on', async () => {
    const program = path.join(directory, 'threads.ts');
    const options = ['--machine', 'smp', '--strategy', 'random', '--seconds', '3'];
    const { status, failure, covered } = await eddyJson<ExploreResult>('explore', program, ...options);
    expect(covered).toContain('counted from where the search begins');
    expect([status, failure?.invariant]).toEqual([3, 'check.total']);
    const [, command = '', schedule = ''] = /^eddy (.*) --replay '(.*)'$/.exec(failure?.replay ?? '') ?? [];
    const again = await eddy(...command.split(' '), '--replay', schedule);
    const traced = await eddy('trace', ...command.split(' ').slice(1), '--replay', schedule, '--limit', '1');
    expect(traced.output).toContain('page fault');
    expect(traced.errors).not.toContain('replay:');
    expect([again.status, again.output]).toEqual([1, 'check total: FAILED counted 1\n']);
    expect(again.errors).not.toContain('replay:');
  }, 60_000);

  test('says of a program that never yields where it does not', async () => {
    const { status, failure, schedules } = await explore(file('never-yields'), '--watchdog', '1');
    expect([status, schedules]).toEqual([3, 1]);
    expect(failure).toMatchObject({
      invariant: 'runaway',
      message: 'computes for 1 s without yielding an instruction; a loop must yield, if only pause()',
      schedule: 'default',
      replay: `eddy run --bare ${file('never-yields')} --harts 2 --watchdog 1 --replay 'default'`,
    });
  });

  test('finds by --events what takes a timer at a certain moment', async () => {
    const program = path.join(directory, 'timer.ts');
    const without = await explore(program, '--harts', '1');
    expect([without.status, without.failure]).toEqual([0, null]);
    for (const strategy of STRATEGIES) {
      const { failure } = await explore(program, '--harts', '1', '--events', '--strategy', strategy);
      expect(failure).toMatchObject({
        invariant: 'check.total',
        schedule: '7@h0:load.10000>t0',
        replay: `eddy run --bare --events ${program} --harts 1 --replay '7@h0:load.10000>t0'`,
      });
      expect(failure?.lastSteps[0]?.map(({ text }) => text)).toContain(
        'prints check total: FAILED counted 1⏎',
      );
    }
    const args = ['run', '--bare', program, '--harts', '1', '--replay', '7@h0:load.10000>t0'];
    const again = await eddy(...args, '--events');
    expect([again.status, again.output]).toEqual([1, 'check total: FAILED counted 1\n']);
    const { status, errors } = await eddy(...args);
    expect(status).toBe(0);
    expect(errors).toContain('t0 cannot act; went on with h0');
  });

  test('gives all options that a replay needs, as a shell reads them', async () => {
    const program = path.join(directory, "it's here.ts");
    await writeFile(program, await readFile(file('status'), 'utf8'));
    const options = ['--machine', 'smp', '--consistency', 'tso', '--set', 'l1.size=4096', '--seed', '3'];
    const { failure } = await explore(program, ...options, '--harts', '3', '--max-steps', '5000');
    const { stdout } = await run('sh', ['-c', `eddy() { printf '%s\\n' "$@"; }; ${failure?.replay}`]);
    const words = stdout.trimEnd().split('\n');
    expect(words.join(' ')).toBe(
      `run --bare ${program} --machine smp --harts 3 --seed 3 --consistency tso --max-steps 5000 ` +
        `--set l1.size=4096 --replay ${failure?.schedule}`,
    );
    const { status, errors } = await eddy(...words);
    expect(status).toBe(1);
    expect(errors).toContain('ended with status');
    expect(errors).not.toContain('replay:');
  });

  test('says how many nodes had how much memory, where there are several', async () => {
    const { failure } = await explore(file('status'), '--harts', '8', '--nodes', '2');
    expect(failure?.replay).toContain('--nodes 2 --set memoryPerNode=1048576');
  });

  test('gives up after the seconds it is given', async () => {
    const { schedules, exhausted } = await explore('tour', '--seconds', '1', '--harts', '4');
    expect(schedules).toBeGreaterThan(0);
    expect(exhausted).toBe(false);
  });

  test.each([
    [['explore', 'hello', '--strategy', 'dpor'], 'add --bare'],
    [['explore', '--bare', 'hello'], 'needs a kernel'],
    [['explore', '--bare', LOST_UPDATE, '--strategy', 'dpo'], "did you mean 'dpor'?"],
    [['explore', '--bare', LOST_UPDATE, '--strategy', 'pct', '--depth', '0'], '--depth 0'],
    [['run', '--bare', LOST_UPDATE, '--replay', '4>h9'], 'the machine has 8 harts'],
    [['run', '--bare', LOST_UPDATE, '--replay', '4@h0:lod>h1'], "no instruction is called 'lod'"],
    [['trace', 'hello', '--replay', '4>h9'], 'the machine has 8 harts'],
    [['trace', 'hello', '--events'], 'goes with --replay'],
    [['explore', '--bare', LOST_UPDATE, '--jobs', '0'], 'the least that is possible is 1'],
  ])('%j is wrong usage', async (args, message) => {
    const { status, errors } = await eddy(...args);
    expect(status).toBe(2);
    expect(errors).toContain(message);
  });
});

describe('eddy run --replay', () => {
  const run = (...args: string[]) => eddy('run', '--bare', LOST_UPDATE, '--harts', '2', ...args);

  test('breaks what the search broke, in the same trace to the byte', async () => {
    const traces: string[] = [];
    for (const name of ['first', 'second']) {
      const trace = path.join(directory, name);
      const { status, output } = await run('--replay', '4>h1', '--trace', trace);
      expect([status, output]).toEqual([1, 'check total: FAILED counted 1 of 2\n']);
      traces.push(await readFile(trace, 'utf8'));
    }
    expect(traces[0]?.length).toBeGreaterThan(1000);
    expect(traces[1]).toBe(traces[0]);
  });

  test('says where it diverges, and goes on', async () => {
    const { status, errors } = await run('--replay', '7>d1 900>h0');
    expect(status).toBe(0);
    expect(errors).toContain('replay: 7>d1: d1 cannot act; went on with h1');
    expect(errors).toContain('replay: ended after 49 steps, before 900>h0');
  });
});

test('the chapter shows what searches and replays print', async () => {
  const text = await readFile('docs/book/02-testing-concurrency.md', 'utf8');
  // Long commands go on in the next line.
  const chapter = text.replaceAll(/ \\\n +/g, ' ');
  const blocks = [...chapter.matchAll(/```\n\$ npm run -s eddy -- ((?:explore|run) [^\n]*)\n(.*?)```/gs)];
  expect(blocks.length).toBeGreaterThan(2);
  const timeless = (text: string): string => text.replaceAll(/\d+\.\d+ s/g, '… s').trimEnd();
  for (const [, command = '', printed = ''] of blocks) {
    const args = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const { output, errors } = await eddy(...args);
    expect(timeless(output + errors)).toBe(timeless(printed));
  }
});
