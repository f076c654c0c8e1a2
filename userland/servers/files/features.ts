/**
 * Features of ext2 and its successors, by the three masks of the superblock. With what is not supported here an image is
 * refused, by name. Of *compatible* features all may be ignored but a journal, which nobody here would write.
 */

/** Masks in which a feature can stand. */
export type FeatureMask = 'compatible' | 'incompatible' | 'readOnlyCompatible';

interface Feature {
  readonly name: string;
  readonly mask: FeatureMask;
  readonly bit: number;
  readonly supported?: true;
}

const feature = (mask: FeatureMask, bit: number, name: string, supported?: true): Feature =>
  Object.freeze({ name, mask, bit, ...(supported && { supported }) });

/** As mke2fs(8) names them. */
export const FEATURES: readonly Feature[] = Object.freeze([
  feature('compatible', 0x1, 'dir_prealloc', true),
  feature('compatible', 0x4, 'has_journal'),
  feature('compatible', 0x8, 'ext_attr', true),
  feature('compatible', 0x10, 'resize_inode', true),
  feature('compatible', 0x20, 'dir_index', true),
  feature('compatible', 0x200, 'sparse_super2'),
  feature('compatible', 0x400, 'fast_commit'),
  feature('compatible', 0x800, 'stable_inodes'),
  feature('compatible', 0x1000, 'orphan_file'),
  feature('incompatible', 0x1, 'compression'),
  feature('incompatible', 0x2, 'filetype', true),
  feature('incompatible', 0x4, 'needs_recovery'),
  feature('incompatible', 0x8, 'journal_dev'),
  feature('incompatible', 0x10, 'meta_bg'),
  feature('incompatible', 0x40, 'extent'),
  feature('incompatible', 0x80, '64bit'),
  feature('incompatible', 0x100, 'mmp'),
  feature('incompatible', 0x200, 'flex_bg'),
  feature('incompatible', 0x400, 'ea_inode'),
  feature('incompatible', 0x2000, 'metadata_csum_seed'),
  feature('incompatible', 0x4000, 'large_dir'),
  feature('incompatible', 0x8000, 'inline_data'),
  feature('incompatible', 0x10000, 'encrypt'),
  feature('incompatible', 0x20000, 'casefold'),
  feature('readOnlyCompatible', 0x1, 'sparse_super', true),
  feature('readOnlyCompatible', 0x2, 'large_file', true),
  feature('readOnlyCompatible', 0x8, 'huge_file'),
  feature('readOnlyCompatible', 0x10, 'uninit_bg'),
  feature('readOnlyCompatible', 0x20, 'dir_nlink'),
  feature('readOnlyCompatible', 0x40, 'extra_isize'),
  feature('readOnlyCompatible', 0x100, 'quota'),
  feature('readOnlyCompatible', 0x200, 'bigalloc'),
  feature('readOnlyCompatible', 0x400, 'metadata_csum'),
  feature('readOnlyCompatible', 0x1000, 'read-only'),
  feature('readOnlyCompatible', 0x2000, 'project'),
  feature('readOnlyCompatible', 0x8000, 'verity'),
]);

/** The name of the first feature that is not supported; undefined if all are. */
export function refusedFeature(masks: Readonly<Record<FeatureMask, number>>): string | undefined {
  for (const mask of ['incompatible', 'readOnlyCompatible', 'compatible'] as const) {
    for (let bit = 1; bit !== 0; bit = (bit << 1) | 0) {
      if ((masks[mask] & bit) === 0) continue;
      const known = FEATURES.find((row) => row.mask === mask && row.bit === bit);
      if (known?.supported !== true) return known?.name ?? `bit ${bit >>> 0} of the ${mask} ones`;
    }
  }
  return undefined;
}
