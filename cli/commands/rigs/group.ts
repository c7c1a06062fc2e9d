import type { CommandGroup } from '../../command.ts';
import { addRig } from './add.ts';
import { listRigs } from './list.ts';
import { removeRig } from './remove.ts';

export const rigs: CommandGroup = {
  usage: 'rigs',
  summary: 'Repositories: list, add, remove',
  commands: [listRigs, addRig, removeRig],
};
