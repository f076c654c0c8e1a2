/** Calls whose answer depends on nothing that changes, wrong ones among them; and the console. */
import { ERROR, LIMIT, MAP, PRIORITY, SCHEDULING } from '../../../../kernel/abi/index.ts';
import type { Agents, Request } from '../agents.ts';
import { expectAnswer, SystemCall } from '../command.ts';
import type { Model } from '../model.ts';

interface Plain extends Request {
  /** The answer, for an agent among so many. Agents are threads 1, 2, … on harts 0, 1, …. */
  answer(agent: number, agents: number): number;
}

const NOWHERE = LIMIT.USER_BASE + 2048 * LIMIT.PAGE;

const gives = (call: Request['call'], words: readonly number[], answer: number): Plain => ({
  call,
  words,
  answer: () => answer,
});

/** By what each of them is about. */
export const PLAIN: Readonly<Record<string, Plain>> = {
  currentThread: { call: 'currentThread', words: [], answer: (agent) => agent + 1 },
  currentHart: { call: 'currentHart', words: [], answer: (agent) => agent },
  hartCount: { call: 'hartCount', words: [], answer: (_agent, agents) => agents },
  currentProcess: gives('currentProcess', [], 1),
  yield: gives('yield', [], 0),
  sleep: gives('sleep', [700], 0),
  'sleep for less than nothing': gives('sleep', [-1], ERROR.EINVAL),
  'a call that there is not': gives(4711, [], ERROR.ENOSYS),
  'mmap of nothing': gives('mmap', [0, 0, MAP.READ, 0], ERROR.EINVAL),
  'mmap without rights': gives('mmap', [0, LIMIT.PAGE, 0, 0], ERROR.EINVAL),
  'mmap at a crooked address': gives(
    'mmap',
    [LIMIT.USER_BASE + 4, LIMIT.PAGE, MAP.READ | MAP.FIXED, 0],
    ERROR.EINVAL,
  ),
  'mmap beyond the disk': gives('mmap', [0, LIMIT.PAGE, MAP.READ | MAP.DISK, 1 << 24], ERROR.EINVAL),
  'mmap of more than there is room for': gives('mmap', [0, LIMIT.USER_END, MAP.READ, 0], ERROR.ENOMEM),
  'futexWait on a crooked address': gives('futexWait', [NOWHERE + 2, 0, 1], ERROR.EINVAL),
  'futexWait on nothing': gives('futexWait', [NOWHERE, 0, 1], ERROR.EFAULT),
  'futexWake of nothing': gives('futexWake', [NOWHERE, 1], ERROR.EFAULT),
  'futexWake of less than nobody': gives('futexWake', [NOWHERE, -1], ERROR.EINVAL),
  'consoleWrite of nothing': gives('consoleWrite', [NOWHERE, 4], ERROR.EFAULT),
  'threadJoin of oneself': { call: 'threadJoin', words: [], answer: () => ERROR.EDEADLK },
  'wait for oneself': gives('wait', [1, 0], ERROR.EDEADLK),
  'counterCreate of no policy': gives('counterCreate', [7, 0], ERROR.EINVAL),
  'counterCreate for more harts than there are': gives('counterCreate', [0, 4096], ERROR.EINVAL),
  'counterAdd to nothing': gives('counterAdd', [NOWHERE, 1], ERROR.EBADF),
  'lrpcExport under no name': gives('lrpcExport', [0, 0, NOWHERE, 1, 0], ERROR.EINVAL),
  'lrpcExport of nothing': gives('lrpcExport', [1, 0, NOWHERE, 1, 0], ERROR.EFAULT),
  'lrpcWithdraw of nothing': gives('lrpcWithdraw', [NOWHERE], ERROR.EBADF),
  'lrpcBind to nobody': gives('lrpcBind', [NOWHERE, 7, NOWHERE, 1], ERROR.ESRCH),
  'lrpcUnbind of nothing': gives('lrpcUnbind', [NOWHERE], ERROR.EBADF),
  'lrpcCall by nothing': gives('lrpcCall', [NOWHERE, 0, NOWHERE], ERROR.EBADF),
  'lrpcReturn from no call': gives('lrpcReturn', [], ERROR.EPERM),
  'lrpcSegment of nothing': gives('lrpcSegment', [NOWHERE, 0, NOWHERE, 64], ERROR.EBADF),
  'lrpcSegmentHere in no call': gives('lrpcSegmentHere', [64], ERROR.EPERM),
  'lrpcGrow of nothing': gives('lrpcGrow', [NOWHERE, 0], ERROR.EBADF),
  'diskRead without the disk': gives('diskRead', [0, LIMIT.USER_BASE, 1], ERROR.EPERM),
  'diskWrite without the disk': gives('diskWrite', [0, LIMIT.USER_BASE, 1], ERROR.EPERM),
  'diskBlocks without the disk': gives('diskBlocks', [], ERROR.EPERM),
  'fileWindow without the disk': gives('fileWindow', [1, 1], ERROR.EPERM),
  'fileShare without the disk': gives('fileShare', [NOWHERE, 0, 1, 0, MAP.READ], ERROR.EPERM),
  'fileSync without the disk': gives('fileSync', [NOWHERE], ERROR.EPERM),
  'fileTouch without the disk': gives('fileTouch', [NOWHERE, 0], ERROR.EPERM),
  'pagerAccept without the disk': gives('pagerAccept', [NOWHERE], ERROR.EPERM),
  'pagerReply without the disk': gives('pagerReply', [NOWHERE, NOWHERE, 1], ERROR.EPERM),
  'processEnds of less than none': gives('processEnds', [-1], ERROR.EINVAL),
  'processIsLive of oneself': gives('processIsLive', [1], 1),
  'processIsLive of nobody': gives('processIsLive', [NOWHERE], 0),
  'lrpcAbort of nobody': gives('lrpcAbort', [NOWHERE], ERROR.ESRCH),
  'threadSetAffinity of nothing': gives('threadSetAffinity', [0, NOWHERE, 1], ERROR.EFAULT),
  'threadSetAffinity of no words': gives('threadSetAffinity', [0, NOWHERE, 0], ERROR.EINVAL),
  'threadGetAffinity of no words': gives('threadGetAffinity', [0, NOWHERE, 0], ERROR.EINVAL),
  'threadGetAffinity to nowhere': gives('threadGetAffinity', [0, NOWHERE, 32], ERROR.EFAULT),
  threadSetPriority: gives('threadSetPriority', [0, PRIORITY.NORMAL], 0),
  'threadSetPriority too high': gives('threadSetPriority', [0, PRIORITY.MOST + 1], ERROR.EINVAL),
  'threadSetPriority of nobody': gives('threadSetPriority', [NOWHERE, 0], ERROR.ESRCH),
  threadGetPriority: gives('threadGetPriority', [0], PRIORITY.NORMAL),
  threadSetClass: gives('threadSetClass', [0, SCHEDULING.NORMAL], 0),
  'threadSetClass to none': gives('threadSetClass', [0, SCHEDULING.IDLE + 1], ERROR.EINVAL),
  threadGetClass: gives('threadGetClass', [0], SCHEDULING.NORMAL),
  'yieldTo nobody': gives('yieldTo', [NOWHERE], ERROR.ESRCH),
  'yieldTo oneself': gives('yieldTo', [0], ERROR.EAGAIN),
  'threadSpawn on no hart': gives('threadSpawn', [0, 0, 4096], ERROR.EINVAL),
};

export class PlainCall extends SystemCall {
  private readonly name: string;

  /** @param name a key of PLAIN */
  constructor(agent: number, name: string) {
    super(agent);
    this.name = name;
  }

  check(): boolean {
    return true;
  }

  touches(): string[] {
    return [];
  }

  request(): Request {
    const { call, words } = PLAIN[this.name] as Plain;
    return { call, words: call === 'threadJoin' ? [this.agent + 1, 0] : words };
  }

  answered(model: Model, answer: number | undefined): void {
    expectAnswer(this, answer, (PLAIN[this.name] as Plain).answer(this.agent, model.agents));
  }

  toString(): string {
    return this.name;
  }
}

export class Print extends SystemCall {
  private readonly text: string;

  /** @param text ASCII, 64 characters at most */
  constructor(agent: number, text: string) {
    super(agent);
    this.text = text;
  }

  check(): boolean {
    return true;
  }

  touches(): string[] {
    return ['console'];
  }

  request(_model: Model, agents: Agents): Request {
    const bytes = new TextEncoder().encode(this.text);
    return { call: 'consoleWrite', words: [agents.text(this.agent, bytes), bytes.length] };
  }

  answered(model: Model, answer: number | undefined): void {
    expectAnswer(this, answer, this.text.length);
    model.printed += this.text;
  }

  toString(): string {
    return `consoleWrite ${JSON.stringify(this.text)}`;
  }
}
