import { createExportStore } from '../../lambdas/adapters/dynamodb/exports.ts';
import { createImportStore } from '../../lambdas/adapters/dynamodb/imports.ts';
import { createPurgeStore } from '../../lambdas/adapters/dynamodb/purge.ts';
import type { TransferDeps } from '../../lambdas/worker/transfer.ts';
import type { ModelTable } from './table/model-table.ts';

/** What the worker deletes towns with; no story has files. */
export function transferOver(
  table: ModelTable,
  common: Pick<TransferDeps, 'store' | 'telemetry' | 'now'>,
): TransferDeps {
  const options = { client: table.client, tableName: 'model', sleep: async () => {} };
  const none = (): never => {
    throw new Error('no story has files');
  };
  return {
    ...common,
    objects: {
      write: none,
      describe: none,
      read: none,
      remove: none,
      removeAll: async () => true,
      downloadUrl: none,
      uploadUrl: none,
    },
    exports: createExportStore(options),
    imports: createImportStore(options),
    purge: createPurgeStore(options),
    codeVersion: 'simulated',
    checkGitUrl: () => {},
  };
}
