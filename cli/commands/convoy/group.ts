import type { CommandGroup } from '../../command.ts';
import { addConvoyBead } from './add.ts';
import { closeConvoy } from './close.ts';
import { createConvoy } from './create.ts';
import { listConvoys } from './list.ts';
import { removeConvoyBead } from './remove.ts';
import { retryConvoy } from './retry.ts';
import { showConvoy } from './show.ts';
import { startConvoy } from './start.ts';

export const convoy: CommandGroup = {
  usage: 'convoy',
  summary: 'Convoys: create, list, show, start, close, retry, add, remove',
  commands: [
    createConvoy,
    listConvoys,
    showConvoy,
    startConvoy,
    closeConvoy,
    retryConvoy,
    addConvoyBead,
    removeConvoyBead,
  ],
};
