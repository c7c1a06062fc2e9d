import type { CommandGroup } from '../../command.ts';
import { listAgents } from './list.ts';
import { nudgeAgent } from './nudge.ts';
import { resetAgent } from './reset.ts';
import { stopAgent } from './stop.ts';

export const agents: CommandGroup = {
  usage: 'agents',
  summary: 'Agents: list, stop, reset, nudge',
  commands: [listAgents, stopAgent, resetAgent, nudgeAgent],
};
