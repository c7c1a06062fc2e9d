import type { CommandGroup } from '../../command.ts';
import { cancelBead } from './cancel.ts';
import { deleteBead } from './delete.ts';
import { editBead } from './edit.ts';
import { listBeads } from './list.ts';
import { reopenBead } from './reopen.ts';
import { showBead } from './show.ts';
import { startBead } from './start.ts';

export const beads: CommandGroup = {
  usage: 'beads',
  summary: 'Work items: list, show, edit, start, cancel, reopen, delete',
  commands: [listBeads, showBead, editBead, startBead, cancelBead, reopenBead, deleteBead],
};
