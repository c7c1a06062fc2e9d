/** What a bundled release gives: its core, and how it reads records. */
export { createIds } from '../../core/ids.ts';
export { RECORD_SCHEMAS } from '../../core/move/file-format.ts';
export { reconcile } from '../../core/reconcile.ts';
