/** What is found from one part of an FCM, its representative: the tree, and the primary representative. */
import { type Code, load } from '../../hw/isa/index.ts';
import { ROOT } from '../objects/root.ts';
import { FCM } from './fcm-layout.ts';
import { PageTree } from './page-tree.ts';

export function* treeOf(part: number): Code<PageTree> {
  return new PageTree(part + FCM.tree, yield load(part + FCM.height));
}

/** The primary representative, which has what there is once of an FCM. */
export function* primaryOf(part: number): Code<number> {
  return yield load((yield load(part + FCM.root)) + ROOT.primary);
}
