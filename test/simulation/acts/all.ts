import { beadActs } from './beads.ts';
import { convoyActs } from './convoys.ts';
import { rigActs } from './rigs.ts';
import { ruleActs } from './rules.ts';
import { townActs } from './towns.ts';

/** Everything that people do; a story chooses from these. */
export const ACTS = { ...beadActs, ...convoyActs, ...townActs, ...rigActs, ...ruleActs };
export type ActName = keyof typeof ACTS;
export const ACT_NAMES = Object.keys(ACTS) as ActName[];
