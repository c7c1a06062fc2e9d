import type { AgentWork } from '../protocol/sync.ts';
import type { AgentPrompt } from './agent-prompt.ts';
import { mayorPrompt } from './mayor.ts';
import { polecatPrompt } from './polecat.ts';
import { refineryPrompt } from './refinery.ts';
import { triagePrompt } from './triage.ts';

/**
 * @param instructions what people want of the role beside its work. They are the town's owners: it is no untrusted text.
 */
export function promptForWork(work: AgentWork, instructions?: string): AgentPrompt {
  const prompt = promptOfRole(work);
  if (instructions === undefined || instructions.trim() === '') return prompt;
  return {
    ...prompt,
    system: `${prompt.system}\n\nWhat the people of this town ask of you\n\n${instructions}`,
  };
}

function promptOfRole(work: AgentWork): AgentPrompt {
  switch (work.kind) {
    case 'bead':
      return polecatPrompt(work);
    case 'review':
      return refineryPrompt(work);
    case 'chat':
      return mayorPrompt(work);
    case 'triage':
      return triagePrompt(work);
  }
}
