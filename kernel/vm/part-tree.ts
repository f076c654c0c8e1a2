/** The tree of one part of an FCM, at its representative. */
import { type Code, load } from '../../hw/isa/index.ts';
import { FCM } from './fcm-layout.ts';
import { PageTree } from './page-tree.ts';

export function* treeOf(part: number): Code<PageTree> {
  return new PageTree(part + FCM.tree, yield load(part + FCM.height));
}
