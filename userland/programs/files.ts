/**
 * Files: copies a tree of the disk to another place, a thread on every hart, and counts the words of both as it goes. The disk
 * is an image that `mke2fs` has made, and that the copy is in afterwards.
 *
 * Directories are made first, in the order in which they were found; then each thread takes one file after the other.
 */
import { type Code, fetchAndAdd, load, load8, store, work } from '../../hw/isa/index.ts';
import { errorName, LIMIT, MAP } from '../../kernel/abi/index.ts';
import { filesByLrpc, filesByPpc, putPath } from '../files/attach.ts';
import { FileSystem } from '../files/file-system.ts';
import { CHUNK, OPEN, PATH_BYTES, STAT } from '../files/protocol.ts';
import { program } from '../program.ts';
import { Env } from '../runtime/env.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import { report } from '../runtime/print.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { mmap } from '../runtime/system-calls.ts';
import { joinThread, spawnThread } from '../runtime/thread.ts';
import { copyBytes } from '../servers/files/bytes.ts';
import { FileList, fileListSize, lengthOf } from './file-list.ts';

const TRANSPORT = { lrpc: 0, ppc: 1 } as const;
const TRANSPORTS = [filesByLrpc, filesByPpc] as const;

/** What the threads share. Counts by fetch-and-add. */
const SHARED = {
  NEXT: 0,
  BYTES: LINE,
  WORDS: LINE + 4,
  COPIED_WORDS: LINE + 8,
  FAILED: LINE + 12,
  TRANSPORT: 2 * LINE,
  BINDING: 2 * LINE + 4,
  MOST: 2 * LINE + 8,
  ROOT: 3 * LINE,
  TARGET: 3 * LINE + PATH_BYTES,
  LIST: 3 * LINE + 2 * PATH_BYTES,
} as const;

/** Pages of a thread: a chunk, and a path. */
const OWN = { CHUNK: 0, PATH: 1024 } as const;
const TARGET = '/copy';
const SPACE = 32;
/** Cycles to look at a letter. */
const LETTER = 2;

export default program({
  name: 'files',
  summary: 'Copies a tree of files on every hart, and counts words (--disk IMAGE, made by mke2fs)',
  needs: ['shared-memory', 'files'],
  parameters: {
    calls: { default: 0, min: 0, max: 1, choices: TRANSPORT, summary: 'How the file server is called' },
    entries: { default: 256, min: 1, max: 4096, summary: 'Files and directories at most' },
  },
  checks: ['tree', 'copy', 'words'],
  trace: 'call',

  *main(env, { calls, entries }) {
    const by = TRANSPORTS[calls] as (typeof TRANSPORTS)[number];
    const shared = yield* memory(SHARED.LIST + fileListSize(entries));
    const binding = yield* FileSystem.attach(by, env);
    if (binding < 0) throw new Error(`no file server: ${errorName(binding)}`);
    yield store(shared + SHARED.TRANSPORT, calls);
    yield store(shared + SHARED.BINDING, binding);
    yield store(shared + SHARED.MOST, entries);
    yield* putPath(shared + SHARED.TARGET, TARGET);
    const list = listIn(shared, entries);
    const files = yield* FileSystem.at(by, binding, env);
    const walked = yield* list.walk(files, shared + SHARED.ROOT, yield* memory(CHUNK));
    const found = yield* list.count();
    const isTree = yield* report(env, 'tree', walked === 0, `${found} files and directories`);
    yield* makeDirectories(files, list, shared);
    const harts = yield* env.harts();
    const threads: number[] = [];
    for (let hart = 1; hart < harts; hart++) threads.push(yield* spawnThread(copier, shared, hart));
    yield* copier(shared, env.block);
    for (const thread of threads) yield* joinThread(env, thread);
    const failed = yield load(shared + SHARED.FAILED);
    const bytes = yield load(shared + SHARED.BYTES);
    const isCopied = yield* report(env, 'copy', failed === 0, `${bytes} bytes, ${failed} files failed`);
    const [words, copied] = [yield load(shared + SHARED.WORDS), yield load(shared + SHARED.COPIED_WORDS)];
    const isSame = yield* report(env, 'words', words === copied, `${copied} of ${words}`);
    return isTree && isCopied && isSame ? 0 : 1;
  },
});

const listIn = (shared: number, entries: number): FileList => new FileList(shared + SHARED.LIST, entries);

/** Makes every directory of the list anew below the target, but for what another copy has left there. */
function* makeDirectories(files: FileSystem, list: FileList, shared: number): Code {
  const path = yield* memory(2 * PATH_BYTES);
  yield* files.mkdir(TARGET);
  for (let index = 0; index < (yield* list.count()); index++) {
    if (!(yield* list.isDirectory(index)) || (yield* isCopy(list.path(index)))) continue;
    yield* targetOf(path, shared, list.path(index));
    yield* files.mkdir(path);
  }
}

/** Whether a path is that of the target, or below it. */
function* isCopy(path: number): Code<boolean> {
  for (let index = 0; index < TARGET.length; index++)
    if ((yield load8(path + index)) !== TARGET.charCodeAt(index)) return false;
  const behind = yield load8(path + TARGET.length);
  return behind === 0 || behind === '/'.charCodeAt(0);
}

/** The path of a copy. */
function* targetOf(to: number, shared: number, path: number): Code {
  yield* copyBytes(to, shared + SHARED.TARGET, TARGET.length);
  yield* copyBytes(to + TARGET.length, path, (yield* lengthOf(path)) + 1);
}

// DOC: files-copier
/** What each thread does: takes files that nobody has taken yet. */
function* copier(shared: number, block: number): Code {
  const env = new Env(block);
  const by = TRANSPORTS[yield load(shared + SHARED.TRANSPORT)] as (typeof TRANSPORTS)[number];
  const files = yield* FileSystem.at(by, yield load(shared + SHARED.BINDING), env);
  const list = listIn(shared, yield load(shared + SHARED.MOST));
  const own = yield* memory(LIMIT.PAGE);
  for (;;) {
    const index = yield fetchAndAdd(shared + SHARED.NEXT, 1);
    if (index >= (yield* list.count())) return;
    const path = list.path(index);
    if ((yield* list.isDirectory(index)) || (yield* isCopy(path))) continue;
    yield* targetOf(own + OWN.PATH, shared, path);
    const words = yield* copyFile(files, path, own);
    if (words < 0) yield fetchAndAdd(shared + SHARED.FAILED, 1);
    else {
      yield fetchAndAdd(shared + SHARED.WORDS, words);
      yield fetchAndAdd(shared + SHARED.COPIED_WORDS, yield* countWords(files, own));
      yield* files.stat(path, own + OWN.CHUNK);
      yield fetchAndAdd(shared + SHARED.BYTES, yield load(own + OWN.CHUNK + STAT.SIZE));
    }
  }
}

/** Copies a file; gives how many words it has, or an error. */
function* copyFile(files: FileSystem, path: number, own: number): Code<number> {
  const from = yield* files.open(path, OPEN.READ);
  if (from < 0) return from;
  const to = yield* files.open(own + OWN.PATH, OPEN.WRITE | OPEN.CREATE | OPEN.TRUNCATE);
  if (to < 0) return to;
  let [words, inside, result] = [0, false, 1];
  while (result > 0) {
    result = yield* files.read(from, own + OWN.CHUNK, CHUNK);
    if (result <= 0) break;
    const counted = yield* wordsIn(own + OWN.CHUNK, result, inside);
    words += counted.words;
    inside = counted.inside;
    const written = yield* files.write(to, own + OWN.CHUNK, result);
    if (written !== result) result = -1;
  }
  const synced = yield* files.fsync(to);
  yield* files.close(from);
  yield* files.close(to);
  return result < 0 ? result : synced < 0 ? synced : words;
}

/** Words of the copy. */
function* countWords(files: FileSystem, own: number): Code<number> {
  const file = yield* files.open(own + OWN.PATH, OPEN.READ);
  if (file < 0) return 0;
  let [words, inside] = [0, false];
  for (;;) {
    const bytes = yield* files.read(file, own + OWN.CHUNK, CHUNK);
    if (bytes <= 0) break;
    const counted = yield* wordsIn(own + OWN.CHUNK, bytes, inside);
    words += counted.words;
    inside = counted.inside;
  }
  yield* files.close(file);
  return words;
}

/** Words that begin in so many bytes; `inside`: whether one goes on from before, or to what follows. */
function* wordsIn(
  at: number,
  bytes: number,
  before: boolean,
): Code<{ readonly words: number; readonly inside: boolean }> {
  let [words, inside] = [0, before];
  for (let index = 0; index < bytes; index++) {
    const letter = (yield load8(at + index)) > SPACE;
    if (letter && !inside) words++;
    inside = letter;
  }
  yield work(LETTER * bytes);
  return { words, inside };
}

function* memory(bytes: number): Code<number> {
  return orThrow('mmap', yield* mmap(0, roundUp(bytes, LIMIT.PAGE), MAP.READ | MAP.WRITE, 0));
}
