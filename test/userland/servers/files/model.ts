/**
 * What files should do: a tree in the host's memory, as simple as can be. Each operation of one agent, who has a directory of
 * its own, with the answer that the file server is to give.
 */
import { ERROR } from '../../../../kernel/abi/index.ts';
import { OPEN, SEEK } from '../../../../userland/files/protocol.ts';

export type Operation =
  | { readonly kind: 'open'; readonly path: string; readonly flags: number; readonly slot: number }
  | { readonly kind: 'close' | 'fsync' | 'fstat'; readonly slot: number }
  | { readonly kind: 'read'; readonly slot: number; readonly count: number }
  | { readonly kind: 'write'; readonly slot: number; readonly count: number; readonly first: number }
  /** By way of a mapping that is there for the moment: `count` bytes at an offset. */
  | { readonly kind: 'peek'; readonly slot: number; readonly offset: number; readonly count: number }
  | { readonly kind: 'poke'; readonly slot: number; readonly offset: number; readonly first: number }
  | { readonly kind: 'lseek'; readonly slot: number; readonly offset: number; readonly whence: number }
  | { readonly kind: 'ftruncate'; readonly slot: number; readonly length: number }
  | { readonly kind: 'mkdir' | 'unlink' | 'rmdir' | 'stat' | 'readdir'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string };

/** An answer: the result, and what came with it in a few letters. */
export type Answer = number | string;

/** The byte at a place of what is written. */
export const byteAt = (first: number, index: number): number => (first + 7 * index) & 0xff;

/** Bytes in a few letters. */
export const digest = (bytes: readonly number[]): string =>
  `${bytes.length}:${bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 0) >>> 0}`;

interface FileNode {
  readonly kind: 'file';
  bytes: number[];
}

interface DirectoryNode {
  readonly kind: 'directory';
  readonly entries: Map<string, Node>;
}

type Node = FileNode | DirectoryNode;

interface Opened {
  readonly node: Node;
  readonly flags: number;
  offset: number;
}

const CHANGES = OPEN.WRITE | OPEN.CREATE | OPEN.TRUNCATE | OPEN.APPEND;

export class Model {
  readonly root: DirectoryNode = { kind: 'directory', entries: new Map() };
  private readonly opened = new Map<number, Opened>();

  /** Forgets what is open: the machine was switched off. */
  restart(): void {
    this.opened.clear();
  }

  /** Carries an operation out; gives the answer. */
  carryOut(operation: Operation): Answer {
    switch (operation.kind) {
      case 'open':
        return this.open(operation.path, operation.flags, operation.slot);
      case 'mkdir':
        return this.inParent(operation.path, (parent, name) => {
          if (parent.entries.has(name)) return ERROR.EEXIST;
          parent.entries.set(name, { kind: 'directory', entries: new Map() });
          return 0;
        });
      case 'unlink':
      case 'rmdir':
        return this.remove(operation.path, operation.kind === 'rmdir');
      case 'rename':
        return this.rename(operation.path, operation.to);
      case 'stat': {
        const node = this.walk(operation.path);
        return typeof node === 'number' ? node : told(node);
      }
      case 'readdir': {
        const node = this.walk(operation.path);
        if (typeof node === 'number') return node;
        return node.kind === 'file'
          ? ERROR.ENOTDIR
          : ['.', '..', ...node.entries.keys()].toSorted().join(' ');
      }
      default:
        return this.onFile(operation);
    }
  }

  /** Every path with its content; directories have none. */
  tree(): Map<string, Uint8Array | undefined> {
    const tree = new Map<string, Uint8Array | undefined>();
    const visit = (node: DirectoryNode, prefix: string): void => {
      for (const [name, child] of node.entries) {
        const path = `${prefix}/${name}`;
        tree.set(path, child.kind === 'file' ? Uint8Array.from(child.bytes) : undefined);
        if (child.kind === 'directory') visit(child, path);
      }
    };
    visit(this.root, '');
    return tree;
  }

  private onFile(operation: Exclude<Operation, { readonly path: string }>): Answer {
    const file = this.opened.get(operation.slot);
    if (file === undefined) return ERROR.EBADF;
    const { node, flags } = file;
    switch (operation.kind) {
      case 'close':
        this.opened.delete(operation.slot);
        return 0;
      case 'fsync':
        return 0;
      case 'fstat':
        return told(node);
      case 'read': {
        if ((flags & OPEN.READ) === 0) return ERROR.EBADF;
        if (node.kind === 'directory') return ERROR.EISDIR;
        const bytes = node.bytes.slice(file.offset, file.offset + operation.count);
        file.offset += bytes.length;
        return digest(bytes);
      }
      case 'write': {
        if ((flags & OPEN.WRITE) === 0 || node.kind === 'directory') return ERROR.EBADF;
        if ((flags & OPEN.APPEND) !== 0) file.offset = node.bytes.length;
        while (node.bytes.length < file.offset) node.bytes.push(0);
        for (let index = 0; index < operation.count; index++)
          node.bytes[file.offset + index] = byteAt(operation.first, index);
        file.offset += operation.count;
        return operation.count;
      }
      case 'peek':
      case 'poke': {
        if ((flags & OPEN.READ) === 0 || (operation.kind === 'poke' && (flags & OPEN.WRITE) === 0))
          return ERROR.EBADF;
        if (node.kind === 'directory') return ERROR.EISDIR;
        if (operation.offset >= node.bytes.length) return 'beyond the end';
        if (operation.kind === 'peek')
          return digest(node.bytes.slice(operation.offset, operation.offset + operation.count));
        node.bytes[operation.offset] = operation.first;
        return 0;
      }
      case 'lseek': {
        const size = node.kind === 'file' ? node.bytes.length : 1024;
        const from =
          operation.whence === SEEK.SET ? 0 : operation.whence === SEEK.CURRENT ? file.offset : size;
        if (from + operation.offset < 0) return ERROR.EINVAL;
        file.offset = from + operation.offset;
        return file.offset;
      }
      case 'ftruncate': {
        if ((flags & OPEN.WRITE) === 0 || node.kind === 'directory') return ERROR.EBADF;
        node.bytes.length = Math.min(node.bytes.length, operation.length);
        while (node.bytes.length < operation.length) node.bytes.push(0);
        return 0;
      }
    }
  }

  private walk(path: string): Node | number {
    let node: Node = this.root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      if (node.kind === 'file') return ERROR.ENOTDIR;
      const next: Node | undefined = node.entries.get(name);
      if (next === undefined) return ERROR.ENOENT;
      node = next;
    }
    return node;
  }

  private inParent(path: string, what: (parent: DirectoryNode, name: string) => number): number {
    const at = path.lastIndexOf('/');
    const parent = this.walk(path.slice(0, Math.max(0, at)));
    if (typeof parent === 'number') return parent;
    return parent.kind === 'file' ? ERROR.ENOTDIR : what(parent, path.slice(at + 1));
  }

  private open(path: string, flags: number, slot: number): number {
    const find = (): Node | number => {
      if ((flags & OPEN.CREATE) === 0) return this.walk(path);
      let node: Node | undefined;
      const result = this.inParent(path, (parent, name) => {
        node = parent.entries.get(name);
        if (node !== undefined) return (flags & OPEN.EXCLUSIVE) === 0 ? 0 : ERROR.EEXIST;
        node = { kind: 'file', bytes: [] };
        parent.entries.set(name, node);
        return 0;
      });
      return result < 0 ? result : (node as Node);
    };
    const node = find();
    if (typeof node === 'number') return node;
    if (node.kind === 'directory' && (flags & CHANGES) !== 0) return ERROR.EISDIR;
    if (node.kind === 'file' && (flags & OPEN.TRUNCATE) !== 0) node.bytes = [];
    this.opened.set(slot, { node, flags, offset: 0 });
    return 1;
  }

  private remove(path: string, directories: boolean): number {
    return this.inParent(path, (parent, name) => {
      const node = parent.entries.get(name);
      if (node === undefined) return ERROR.ENOENT;
      const bad = mayGo(node, directories);
      if (bad !== 0) return bad;
      parent.entries.delete(name);
      return 0;
    });
  }

  private rename(path: string, to: string): number {
    const source = this.inParent(path, () => 0);
    if (source < 0) return source;
    return this.inParent(to, (target, name) => {
      const node = this.walk(path);
      if (typeof node === 'number') return node;
      if (node.kind === 'directory' && (to === path ? false : to.startsWith(`${path}/`))) return ERROR.EINVAL;
      const old = target.entries.get(name);
      if (old === node) return 0;
      if (old !== undefined) {
        const bad = mayGo(old, node.kind === 'directory');
        if (bad !== 0) return bad;
      }
      this.inParent(path, (parent, from) => {
        parent.entries.delete(from);
        return 0;
      });
      target.entries.set(name, node);
      return 0;
    });
  }
}

const told = (node: Node): string =>
  node.kind === 'file' ? `file of ${node.bytes.length}` : `directory with ${linksOf(node)} names`;

const linksOf = ({ entries }: DirectoryNode): number =>
  2 + [...entries.values()].filter(({ kind }) => kind === 'directory').length;

function mayGo(node: Node, directories: boolean): number {
  if (!directories && node.kind === 'directory') return ERROR.EISDIR;
  if (directories && node.kind === 'file') return ERROR.ENOTDIR;
  return node.kind === 'directory' && node.entries.size > 0 ? ERROR.ENOTEMPTY : 0;
}
