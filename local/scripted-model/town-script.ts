import { mayorScript } from './mayor-script.ts';
import { polecatScript } from './polecat-script.ts';
import { refineryScript } from './refinery-script.ts';
import type { Script } from './script.ts';
import { triageScript } from './triage-script.ts';

/** The script of a whole town: tells an agent's role by its tools. */
export const townScript: Script = (conversation) => {
  const { tools } = conversation;
  if (tools.length === 0) return { say: 'Scripted work' };
  if (tools.includes('gt_done')) return polecatScript(conversation);
  if (tools.includes('gt_verdict')) return refineryScript(conversation);
  if (tools.includes('gt_triage_resolve')) return triageScript(conversation);
  if (tools.includes('gt_sling_batch')) return mayorScript(conversation);
  return { say: 'I am a scripted model: I can play the roles of a town only.' };
};
