/**
 * Policies of the user's own, by number: code, as in the machine's code table, and no state of any run. This is the one
 * place of the kernel that the host adds to; test/kernel/no-host-state.test.ts names it.
 */
import type { Policy } from './policy.ts';

const OWN: Policy[] = [];

/** Adds a policy; gives the name by which an option chooses it, which is the same each time. */
export function addPolicy(policy: Policy): string {
  if (!OWN.includes(policy)) OWN.push(policy);
  return nameOf(OWN.indexOf(policy));
}

/** Never the name of a listed one. */
const nameOf = (index: number): string => `own-${index}`;

/** The own policies, by their names. */
export const ownPolicies = (): readonly { readonly name: string; readonly policy: Policy }[] =>
  OWN.map((policy, index) => ({ name: nameOf(index), policy }));

/** An own policy by its number from 0 on. */
export const ownPolicy = (index: number): Policy | undefined => OWN[index];
