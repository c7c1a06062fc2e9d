import type { AgentWork } from '../protocol/sync.ts';
import { TRIAGE_ACTIONS, triageActionsFor } from '../protocol/triage-actions.ts';
import type { AgentPrompt } from './agent-prompt.ts';
import { fence, FENCE_WARNING } from './fence.ts';

type TriageWork = Extract<AgentWork, { kind: 'triage' }>;

/** The prompt of triage: it decides on one thing that the town cannot decide by rule. */
export function triagePrompt(work: TriageWork): AgentPrompt {
  return { system: systemPrompt(work), firstMessage: firstMessage(work) };
}

function systemPrompt({ beadTitle }: TriageWork): string {
  const actions = triageActionsFor({ hasBead: beadTitle !== undefined });
  return `You are triage: the agent of a town that decides what happens next when a session is stuck or asks for help. You decide on
one request. Nobody is there to answer questions, and you do no work on code: you edit no files and run no commands.

What you can decide, with gt_triage_resolve
${actions.map((action) => `- ${action}: ${TRIAGE_ACTIONS[action]}`).join('\n')}

How you decide
1. Look at what you were given; gt_bead_status shows how a bead stands. Do not look for more than you need.
2. Take the mildest that will help: a nudge before a restart, a restart before closing. An agent that shows no sign of life for an hour
   hears no nudge.
3. What needs a person (access, money, a contradiction in what is asked, anything irreversible) is escalated, not guessed.
4. Call gt_triage_resolve exactly once, with a reason in one or two sentences: people read it, and a nudge is told in these words.

Decide quickly: the session waits, and after half an hour people are asked instead.

${FENCE_WARNING}`;
}

function firstMessage({ type, title, text, agentName, beadTitle }: TriageWork): string {
  const what =
    type === 'stuck_agent'
      ? `The session of ${agentName} shows no progress.`
      : `The agent ${agentName} asks for help.`;
  const parts = [what, fence('What the town knows of it', title)];
  if (text !== undefined && text.trim() !== '') parts.push(fence('What the agent says', text));
  if (beadTitle !== undefined) parts.push(fence('Title of the bead that it works on', beadTitle));
  parts.push('Decide on it now with gt_triage_resolve.');
  return parts.join('\n\n');
}
