import { REVIEW_MARK } from './polecat-script.ts';
import type { Conversation, ScriptStep } from './script.ts';
import { doneCalls, saidToAgent } from './transcript.ts';

/** Looks at the diff; asks for changes while it adds a line with the review mark, and approves otherwise. */
export function refineryScript(conversation: Conversation): ScriptStep {
  const [task = '', ...later] = saidToAgent(conversation);
  const [diff, verdict] = doneCalls(conversation);
  if (later.length > 0) return { say: 'I was told something more, but my script has no more steps.' };

  const command = /^\s*(git --no-pager diff \S+ \S+)\s*$/m.exec(task)?.[1];
  if (command === undefined)
    return { say: 'I am a scripted model: this task names no diff that I could look at.' };
  if (diff === undefined)
    return { call: { tool: 'bash', args: { command, description: 'Show what would land' } } };
  if (verdict === undefined) return { call: { tool: 'gt_verdict', args: judge(diff.result) } };
  const isAccepted = verdict.result.startsWith('Accepted');
  return {
    say: isAccepted ? 'My review is finished.' : `gt_verdict was refused: ${verdict.result.slice(0, 300)}`,
  };
}

function judge(diff: string): object {
  const added = diff.split('\n').filter((line) => line.startsWith('+') && line.includes(REVIEW_MARK));
  if (added.length === 0) return { verdict: 'approve' };
  return {
    verdict: 'request_changes',
    feedback: `Remove the lines that contain ${REVIEW_MARK}:\n${added.slice(0, 20).join('\n')}`,
  };
}
