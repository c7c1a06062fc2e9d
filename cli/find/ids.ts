import type { Context } from '../context.ts';
import { readPages } from './all-pages.ts';
import { findOne, idOr } from './find-one.ts';

/** Ids of what words on the command line mean: an id, how it ends, or a title. Ids in full are not looked up. */

export const beadId = (context: Context, townId: string, reference: string): Promise<string> =>
  idOr(reference, async () => {
    const { items } = await readPages((page) => context.api.listBeads({ townId, ...page }));
    return findOne({ kind: 'bead', items, nameOf: ({ title }) => title, reference });
  });

export const convoyId = (context: Context, townId: string, reference: string): Promise<string> =>
  idOr(reference, async () => {
    const { items } = await readPages((page) => context.api.listConvoys({ townId, ...page }));
    return findOne({ kind: 'convoy', items, nameOf: ({ title }) => title, reference });
  });

export const agentId = (context: Context, townId: string, reference: string): Promise<string> =>
  idOr(reference, async () => {
    const { items } = await readPages((page) => context.api.listAgents({ townId, ...page }));
    return findOne({ kind: 'agent', items, nameOf: ({ name }) => name, reference });
  });

export const escalationId = (context: Context, townId: string, reference: string): Promise<string> =>
  idOr(reference, async () => {
    const { items } = await readPages((page) => context.api.listEscalations({ townId, ...page }));
    return findOne({ kind: 'escalation', items, nameOf: ({ title }) => title, reference });
  });
