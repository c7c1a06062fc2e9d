import type { Conversation, ScriptStep } from './script.ts';
import { doneCalls, saidToAgent } from './transcript.ts';

/** A session that shows no progress begins anew; what an agent asks for goes to people. */
export function triageScript(conversation: Conversation): ScriptStep {
  const [task = ''] = saidToAgent(conversation);
  const [decision] = doneCalls(conversation);
  if (decision === undefined) {
    const isStuck = task.includes('shows no progress');
    const args = isStuck
      ? { action: 'restart', reason: 'It shows no progress: its work begins anew in another session.' }
      : { action: 'escalate', reason: 'I am a scripted model: people have to answer this.' };
    return { call: { tool: 'gt_triage_resolve', args } };
  }
  const isAccepted = decision.result.startsWith('Accepted');
  return {
    say: isAccepted ? 'I have decided.' : `gt_triage_resolve was refused: ${decision.result.slice(0, 300)}`,
  };
}
