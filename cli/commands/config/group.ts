import type { CommandGroup } from '../../command.ts';
import { getConfig } from './get.ts';
import { setConfig } from './set.ts';

export const config: CommandGroup = {
  usage: 'config',
  summary: 'Settings of a town or a repository: get, set',
  commands: [getConfig, setConfig],
};
