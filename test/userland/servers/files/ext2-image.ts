/**
 * Images of ext2 file systems, made and checked by the ordinary tools: mke2fs, e2fsck, debugfs (Debian's e2fsprogs). Without
 * them these tests fail.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
const env = { ...process.env, PATH };

/** What a tool said, and how it ended. */
export interface Checked {
  readonly status: number;
  readonly text: string;
}

/** Runs `what` with a directory of its own, which is gone afterwards. */
function inDirectory<T>(what: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'eddy-ext2-'));
  try {
    return what(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export interface ImageChoice {
  /** Bytes of a block: 1,024, 2,048 or 4,096. Default 1,024. */
  readonly blockSize?: number;
  /** Blocks of the file system. Default 1,024. */
  readonly blocks?: number;
  /** More of mke2fs's options. */
  readonly options?: readonly string[];
  /** Files by path, with their content; a path that ends in a slash is an empty directory. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/** Makes an image. */
export function makeImage(choice: ImageChoice = {}): Uint8Array {
  const { blockSize = 1024, blocks = 1024, options = [], files = {} } = choice;
  return inDirectory((directory) => {
    const content = join(directory, 'content');
    const image = join(directory, 'image');
    mkdirSync(content);
    for (const [path, text] of Object.entries(files)) {
      const file = join(content, path);
      mkdirSync(path.endsWith('/') ? file : dirname(file), { recursive: true });
      if (!path.endsWith('/')) writeFileSync(file, text);
    }
    const words = ['-q', '-t', 'ext2', '-b', String(blockSize), ...options, '-d', content, image];
    execFileSync('mke2fs', [...words, String(blocks)], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    return readFileSync(image);
  });
}

/** What e2fsck says of an image without touching it. Status 0: it is clean. */
export const check = (image: Uint8Array): Checked => fsck(image, '-fn').checked;

function fsck(image: Uint8Array, how: string): { readonly checked: Checked; readonly image: Uint8Array } {
  return inDirectory((directory) => {
    const file = join(directory, 'image');
    writeFileSync(file, image);
    const { status, stdout, stderr, error } = spawnSync('e2fsck', [how, file], { env, encoding: 'utf8' });
    if (error !== undefined) throw error;
    return { checked: { status: status ?? -1, text: `${stdout}${stderr}` }, image: readFileSync(file) };
  });
}

/** The content of a file of an image, as debugfs reads it; undefined if there is none. */
export function contentOf(image: Uint8Array, path: string): Uint8Array | undefined {
  return inDirectory((directory) => {
    const file = join(directory, 'image');
    const out = join(directory, 'out');
    writeFileSync(file, image);
    execFileSync('debugfs', ['-R', `dump "${path}" ${out}`, file], { env, stdio: 'ignore' });
    try {
      return readFileSync(out);
    } catch {
      return undefined;
    }
  });
}

/** Repairs an image. Status 0 or 1: it is in order afterwards. */
export const repair = (image: Uint8Array): { readonly checked: Checked; readonly image: Uint8Array } =>
  fsck(image, '-fy');

/** Everything in an image, by path: content of files, `undefined` for directories. */
export function treeOf(image: Uint8Array): ReadonlyMap<string, Uint8Array | undefined> {
  return inDirectory((directory) => {
    const file = join(directory, 'image');
    const out = join(directory, 'out');
    mkdirSync(out);
    writeFileSync(file, image);
    execFileSync('debugfs', ['-R', `rdump / ${out}`, file], { env, stdio: 'ignore' });
    const tree = new Map<string, Uint8Array | undefined>();
    for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      tree.set(path.slice(out.length), entry.isDirectory() ? undefined : readFileSync(path));
    }
    return tree;
  });
}
