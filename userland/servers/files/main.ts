/**
 * The file server: a process that is started at the boot, with the disk. It mounts the file system, makes itself known to the
 * name server, and serves; when nobody is left it unmounts.
 */
import type { Code } from '../../../hw/isa/index.ts';
import { errorName, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { putPath } from '../../files/attach.ts';
import { Files } from '../../files/protocol.ts';
import { clientOf, lrpc } from '../../ipc/index.ts';
import { Env } from '../../runtime/env.ts';
import { roundUp } from '../../runtime/line.ts';
import { orThrow } from '../../runtime/system-call-error.ts';
import { mmap, munmap, sleep } from '../../runtime/system-calls.ts';
import { spawnThread } from '../../runtime/thread.ts';
import { Names } from '../names/protocol.ts';
import { serveEverywhere, threadsOf } from '../serve.ts';
import { fileServer } from './file-server.ts';
import { mount, unmount } from './mount.ts';
import { closeAbandoned } from './open-files.ts';
import { pager } from './pager.ts';
import { releaseWindows } from './window.ts';

/** Blocks that the cache holds. */
const BUFFERS = 128;
/** Threads that the kernel asks for pages. */
const PAGERS = 2;
const NOT_IN_ORDER = 'files: the file system was not unmounted in order: let e2fsck look at it\n';

const names = clientOf(Names, lrpc);

const threads = threadsOf({
  server: fileServer,
  *ended(volume) {
    yield* closeAbandoned(volume, false);
    yield* releaseWindows(volume);
  },
  *over(volume) {
    return (yield* unmount(volume)) === 0 ? 0 : 1;
  },
});

/** First procedure of the process. */
export function* files(_argument: number, block: number): Code<number> {
  const env = new Env(block);
  const mounted = yield* mount(BUFFERS);
  if (mounted.kind === 'refused') {
    yield* env.print(`files: ${mounted.reason}\n`);
    return 1;
  }
  if (!mounted.clean) yield* env.print(NOT_IN_ORDER);
  for (let count = 0; count < PAGERS; count++) yield* spawnThread(pager, mounted.volume);
  const ended = yield* serveEverywhere(env, threads, mounted.volume, () => register(env));
  if (ended < 0) yield* env.print(`files: it cannot serve: ${errorName(ended)}\n`);
  return ended < 0 ? 1 : 0;
}

/** Tells the name server of itself, as soon as it is there; gives 0 or an error. */
function* register(env: Env): Code<number> {
  const bytes = roundUp(names.bindingSize, LIMIT.PAGE);
  const binding = orThrow('mmap', yield* mmap(0, bytes, MAP.READ | MAP.WRITE, 0));
  while ((yield* names.bind(binding)) < 0) yield* sleep(1000);
  const prefix = yield* env.stack();
  yield* putPath(prefix, '/');
  const [name0, name1] = Files.words;
  const answer = yield* names.call.register(binding, { prefix, name0, name1 });
  yield* names.unbind(binding);
  yield* munmap(binding, bytes);
  return answer.kind === 'failed' ? answer.error : answer.results.result;
}
