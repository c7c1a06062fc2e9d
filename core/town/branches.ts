import { shortId } from '../ids.ts';
import type { Agent } from './agent.ts';
import type { Bead } from './bead.ts';
import type { Convoy } from './convoy.ts';
import type { Rig } from './rig.ts';

/** A text as part of a branch name: `[a-z0-9-]`, at most 40 characters. */
export function slug(text: string, fallback: string): string {
  const words = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return words.slice(0, 40).replaceAll(/^-+|-+$/g, '') || fallback;
}

/** Ends in `/head`: a git ref at a path forbids refs below it, and the beads' branches are its siblings. */
export const featureBranchOf = (convoy: { id: string; title: string }): string =>
  `convoy/${slug(convoy.title, 'convoy')}/${shortId(convoy.id)}/head`;

/** The branch of a bead, chosen at its first dispatch. */
export function beadBranch(bead: Bead, agent: Agent, convoy: Convoy | undefined): string {
  const own = `gt/${slug(agent.name, 'agent')}/${shortId(bead.id)}`;
  return convoy?.mode === 'review-then-land' ? convoy.featureBranch.replace(/head$/, own) : own;
}

/** Where a bead's branch is cut from and merges to. */
export const baseBranch = (rig: Rig, convoy: Convoy | undefined): string =>
  convoy?.mode === 'review-then-land' ? convoy.featureBranch : rig.defaultBranch;
