import { nudgeRequest, statementAccepted } from '../../../core/protocol/agent-api.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

const { to, message, mode, priority, ttlSeconds } = nudgeRequest.shape;

export function gtNudge(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Says something into the session of another agent at work: what it should know for what it does now.',
    args: {
      target_agent_id: to.describe('Id or name of the agent.'),
      message: message.describe('What it should know, in a few sentences.'),
      mode: mode.describe(
        'wait-idle (usual): after its turn. immediate: in the middle of it. queue: with whatever it is told next.',
      ),
      priority: priority.describe('urgent: before everything else that is said to it.'),
      ttl_seconds: ttlSeconds.describe('After so long it need not hear it any more.'),
    },
    execute: async ({ target_agent_id, ttl_seconds, ...rest }, signal) => {
      const ttl = ttl_seconds === undefined ? {} : { ttlSeconds: ttl_seconds };
      const nudge = { to: target_agent_id, ...rest, ...ttl };
      const answer = await town({ method: 'POST', path: '/v1/agent/nudge', body: nudge, signal });
      return statementAccepted.safeParse(answer).data?.message ?? 'It is told.';
    },
  });
}
