import type { CommandGroup } from '../../command.ts';
import { acknowledgeEscalation } from './acknowledge.ts';
import { listEscalations } from './list.ts';

export const escalations: CommandGroup = {
  usage: 'escalations',
  summary: 'What agents could not solve: list, ack',
  commands: [listEscalations, acknowledgeEscalation],
};
