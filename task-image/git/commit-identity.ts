import type { AgentSpec } from '../../core/protocol/sync.ts';
import type { Identity } from './git.ts';

export interface CommitIdentity {
  readonly author: Identity;
  /** Named in a Co-authored-by line of every commit. */
  readonly coauthor?: Identity;
}

/** `<name> (gastown) <name@gastown.local>`; characters that git cannot keep in a name are left out. */
export function agentIdentity(name: string): Identity {
  const plain = name.replaceAll(/[^\w .-]/g, '').trim() || 'agent';
  return { name: `${plain} (gastown)`, email: `${plain.replaceAll(/\s+/g, '-')}@gastown.local` };
}

/** Who an agent's commits are by: the agent, or whom the settings name, with the agent as co-author. */
export function commitIdentity(agentName: string, wanted: AgentSpec['gitAuthor']): CommitIdentity {
  const own = agentIdentity(agentName);
  if (wanted === undefined) return { author: own };
  const author = { name: wanted.name ?? own.name, email: wanted.email ?? own.email };
  return wanted.hasCoauthor ? { author, coauthor: own } : { author };
}
