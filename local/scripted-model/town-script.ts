import { polecatScript } from './polecat-script.ts';
import { refineryScript } from './refinery-script.ts';
import type { Script } from './script.ts';

/** The script of a whole town: tells an agent's role by its tools. */
export const townScript: Script = (conversation) => {
  const { tools } = conversation;
  if (tools.length === 0) return { say: 'Scripted work' };
  if (tools.includes('gt_done')) return polecatScript(conversation);
  if (tools.includes('gt_verdict')) return refineryScript(conversation);
  return { say: 'I am a scripted model: I can play polecats and refineries only.' };
};
