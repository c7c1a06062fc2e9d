import type {
  ExportStore,
  ImportStore,
  Now,
  ObjectStore,
  PurgeStore,
  Telemetry,
  TownStore,
} from '../../core/ports.ts';

/** What moves whole towns: into files, out of files, and away. */
export interface TransferDeps {
  readonly store: Pick<TownStore, 'head' | 'load'>;
  readonly objects: ObjectStore;
  readonly exports: ExportStore;
  readonly imports: ImportStore;
  readonly purge: PurgeStore;
  readonly telemetry: Telemetry;
  readonly now: Now;
  readonly codeVersion: string;
  /** Throws what is to be said about an address that no rig may have here. */
  readonly checkGitUrl: (gitUrl: string) => void;
}
