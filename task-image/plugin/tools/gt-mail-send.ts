import { mailRequest, statementAccepted } from '../../../core/protocol/agent-api.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

const { to, subject, body } = mailRequest.shape;

export function gtMailSend(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Writes to another agent at work, or to the mayor. It is read between turns; nobody has to answer. For what people must decide, ' +
      'use gt_escalate.',
    args: {
      to_agent_id: to.describe('Id or name of the agent, or "mayor".'),
      subject: subject.describe('What it is about, in one line.'),
      body: body.describe('Everything that the reader needs: it sees nothing of your work.'),
    },
    execute: async ({ to_agent_id, ...rest }, signal) => {
      const mail = { to: to_agent_id, ...rest };
      const answer = await town({ method: 'POST', path: '/v1/agent/mail', body: mail, signal });
      return statementAccepted.safeParse(answer).data?.message ?? 'Sent.';
    },
  });
}
