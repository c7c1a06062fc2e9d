import type { CommandGroup } from '../../command.ts';
import { installIntegration } from './install.ts';
import { listIntegrations } from './list.ts';

export const integrations: CommandGroup = {
  usage: 'integrations',
  summary: 'Where the GitHub App gives access to repositories: list, install',
  commands: [listIntegrations, installIntegration],
};
