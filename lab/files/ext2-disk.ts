/** What kind of disk an image is: one with an ext2 file system, for which servers are started, or a raw one. */
import { fileServers } from '../../userland/servers/index.ts';
import { refusedFeature } from '../../userland/servers/files/features.ts';
import { SUPER, SUPER_MAGIC } from '../../userland/servers/files/superblock.ts';
import type { ServerStart } from '../../kernel/index.ts';

/** Byte at which the superblock begins, and how many it has. */
const AT = 1024;
const BYTES = 1024;

export type DiskKind =
  | { readonly kind: 'raw' }
  | { readonly kind: 'ext2'; readonly servers: readonly ServerStart[] }
  /** It is one that cannot be mounted, for that feature. */
  | { readonly kind: 'refused'; readonly feature: string };

/** Looks at the superblock. */
export function diskKindOf(image: Uint8Array): DiskKind {
  if (image.length < AT + BYTES) return { kind: 'raw' };
  const view = new DataView(image.buffer, image.byteOffset + AT, BYTES);
  if (view.getUint16(SUPER.MAGIC, true) !== SUPER_MAGIC) return { kind: 'raw' };
  const feature = refusedFeature({
    compatible: view.getInt32(SUPER.COMPATIBLE, true),
    incompatible: view.getInt32(SUPER.INCOMPATIBLE, true),
    readOnlyCompatible: view.getInt32(SUPER.READ_ONLY_COMPATIBLE, true),
  });
  return feature === undefined ? { kind: 'ext2', servers: fileServers } : { kind: 'refused', feature };
}
