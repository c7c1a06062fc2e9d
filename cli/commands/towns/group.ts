import type { CommandGroup } from '../../command.ts';
import { createTown } from './create.ts';
import { deleteTown } from './delete.ts';
import { listTowns } from './list.ts';

export const towns: CommandGroup = {
  usage: 'towns',
  summary: 'Towns: list, create, delete',
  commands: [listTowns, createTown, deleteTown],
};
