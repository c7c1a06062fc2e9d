import type { AgentWork } from '../protocol/sync.ts';
import type { AgentPrompt } from './agent-prompt.ts';
import { polecatPrompt } from './polecat.ts';
import { refineryPrompt } from './refinery.ts';

export function promptForWork(work: AgentWork): AgentPrompt {
  switch (work.kind) {
    case 'bead':
      return polecatPrompt(work);
    case 'review':
      return refineryPrompt(work);
  }
}
