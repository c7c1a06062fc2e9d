import type { EffectQueue, ExportStore, ImportStore, ObjectStore } from '../../../core/ports.ts';

/** What the routes of exports and imports need beside the town store. */
export interface TransferApiDeps {
  readonly objects: Pick<ObjectStore, 'describe' | 'downloadUrl' | 'uploadUrl'>;
  readonly exports: Pick<ExportStore, 'addExport' | 'exportOf'>;
  readonly imports: Pick<ImportStore, 'addImport' | 'importOf'>;
  readonly effects: EffectQueue;
}
