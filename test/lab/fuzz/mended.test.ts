/** What the fuzzer once found, and what was mended since: each must stay mended. */
import { expect, test } from 'vitest';
import { parseCase } from '../../../lab/fuzz/case-text.ts';
import { Trial } from '../../../lab/fuzz/trial.ts';

const CASES = {
  'switched off in the middle of a hot swap': `
    on origin harts=2 nodes=1 seed=1880832303 memoryPerNode=524288; schedule timed;
    thread 0; spawn @1, 0, 1; thread 1; counterCreate 0, 0; counterReplace r0, 0, 0`,
  'switched off while another hart reclaims objects': `
    on cc-numa harts=2 nodes=1 seed=0 memoryPerNode=1048576; schedule timed;
    thread 0; threadSpawn @1, 0, 1; spawn @2, 0, 0;
    thread 1; threadSpawn 0, 0, 0; futexWait 0, 0, 0; thread 2; sleep 4687`,
  'a server that waits for a call that nobody makes': `
    on cc-numa harts=1 nodes=1 seed=1403621005 memoryPerNode=524288; schedule timed;
    thread 0; portCreate 1, 0, 0; portReplyReceive r0, 0, 0, 0, 0, 0`,
  'one instruction that computes for longer than any run takes, while others wait': `
    on cc-numa harts=4 nodes=2 seed=21 memoryPerNode=524288 l1.size=128 l1.ways=1 hartsPerCore=2 coresPerNode=1;
    schedule timed; thread 0; threadSpawn @1, 0, 0; threadSpawn @2, 0, 1; thread 1; invalidate stack;
    thread 2; work 0x13310b25`,
  'a slice that is over before the thread is back in user mode': `
    on ncc-numa harts=2 nodes=2 seed=22 memoryPerNode=524288 l1.line=256 timing.l1Hit=193 timing.hop=200
    kernel.heap=global; schedule timed; thread 0; mmap 0, 1, 1, 0; threadSpawn @1, 0, 1; threadSpawn @2, 0, 0;
    threadSpawn @3, 0, 0; thread 1; loadReserved 0x10000; spawn @4, 0, 1; counterDestroy 0;
    thread 2; spawn 0, 0, 0; counterCreate 0, 0; thread 3; counterReplace 0, 0, 0; thread 4; sleep 0`,
};

test.each(Object.entries(CASES))('%s', (_, text) => {
  expect(new Trial(parseCase(text.replaceAll(/\n\s*/g, ' ').trim())).run()).toBeUndefined();
});
