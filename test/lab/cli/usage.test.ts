/** Wrong usage: exit status 2, and one line on standard error with the nearest valid choice. */
import { describe, expect, test } from 'vitest';
import { eddy } from '../captured-host.ts';

const CASES: readonly [line: string, says: string][] = [
  ['runn hello', "unknown command 'runn'; did you mean 'run'?"],
  ['check-determinsm hello', "unknown command 'check-determinsm'; did you mean 'check-determinism'?"],
  ['run helo', "unknown program 'helo'; did you mean 'hello'?"],
  ['trace falt', "unknown program 'falt'; did you mean 'fault'?"],
  ['check-determinism toor', "unknown program 'toor'; did you mean 'tour'?"],
  ['run hello --machine cc-nuna', "unknown machine 'cc-nuna'; did you mean 'cc-numa'?"],
  ['run hello --hart 3', "unknown option '--hart'; did you mean '--harts'?"],
  ['list machines --jsno', "unknown option '--jsno'; did you mean '--json'?"],
  ['bench --quik', "unknown option '--quik'; did you mean '--quick'?"],
  ['list progams', "unknown kind 'progams'; did you mean 'programs'?"],
  ['trace fault --kind fualt', "unknown kind 'fualt'; did you mean 'fault'?"],
  ['run tour --show machin', "unknown part 'machin'; did you mean 'machine'?"],
  ['run hello --set l1.sise=3', "--set l1.sise=3: unknown key 'l1.sise'; did you mean 'l1.size'?"],
  ['run fault --set page=3', "--set page=3: unknown key 'page'; did you mean 'pages'?"],
  ['run hello --set size=3', "--set size=3: unknown key 'size'; did you mean 'l1.size'?"],
  [
    'run hello --set kernel.slise=5',
    "--set kernel.slise=5: unknown key 'kernel.slise'; did you mean 'kernel.slice'?",
  ],
  [
    'run hello --set kernel.scheduler=fifo',
    "--set kernel.scheduler=fifo: unknown scheduler 'fifo'; did you mean 'fcfs'?",
  ],
  ['run fault --set backing=dusk', "--set backing=dusk: unknown value 'dusk'; did you mean 'disk'?"],
  ['run fault --set pages=0', '--set pages=0: the value lies outside 1 to 4096; the nearest is 1'],
  ['run fault --set pages=many', "--set pages=many: unknown value 'many' (a whole number is wanted)"],
  ['run hello --set l1.size=big', '--set l1.size=big: the value is a number, such as 32768'],
  ['run hello --set elideSpins=yes', "--set elideSpins=yes: the value is 'true' or 'false'"],
  ['run hello --set foo', '--set foo: write it as --set key=value'],
  ['run hello --harts many', '--harts many: a whole number is wanted, such as 4'],
  ['run hello --harts 0', '--harts 0: the least that is possible is 1'],
  ['run hello --harts 5000', '--harts 5000: the most that is possible is 1024'],
  [
    'run hello --harts 3 --nodes 2',
    'this machine cannot be built: nodes: 3 harts cannot be divided evenly over 2 nodes',
  ],
  ['run hello --set l1.line=48', 'this machine cannot be built: l1.line: 48 is not a power of two'],
  ['run hello --max-steps 0', '--max-steps 0: the least that is possible is 1'],
  ['run hello --harts', "option '-n, --harts <n>' argument missing"],
  ['run', "missing required argument 'program'"],
  ['run hello again', 'too many arguments'],
  ['run ./hello.ts', 'no such file: ./hello.ts'],
  ['run fault --bare', 'needs a kernel'],
  ['trace hello --bare', 'trace follows the kernel'],
  ['run hello --trace /no/such/place', '--trace /no/such/place'],
];

describe('wrong usage', () => {
  test.each(CASES)('eddy %s', async (line, says) => {
    const { status, output, errors } = await eddy(...line.split(' '));
    expect(errors).toContain(says);
    expect(errors).toMatch(/^eddy: [^\n]*\n$/);
    expect(output).toBe('');
    expect(status).toBe(2);
  });

  test('eddy without a command shows its help on standard error', async () => {
    const { status, output, errors } = await eddy();
    expect(errors).toContain('Usage: eddy');
    expect(output).toBe('');
    expect(status).toBe(2);
  });
});

describe('help', () => {
  test.each(['', 'run', 'trace', 'list', 'bench', 'check-determinism'])(
    'eddy %s --help fits 80 columns',
    async (command) => {
      const { status, output } = await eddy(...(command === '' ? [] : [command]), '--help');
      expect(status).toBe(0);
      expect(output).toContain(`Usage: eddy ${command}`);
      for (const line of output.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    },
  );
});
