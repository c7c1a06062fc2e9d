import type { BuildAppOptions } from 'fauxqs';

type Stores = NonNullable<BuildAppOptions['stores']>;
type S3Store = Stores['s3Store'];

interface DiskPersistence extends NonNullable<S3Store['persistence']> {
  loadS3(store: S3Store): void;
  close(): void;
}

export interface DiskStores {
  readonly stores: Stores;
  close(): void;
}

/**
 * The stores of an embedded server whose S3 objects are files under `s3StorageDir` and whose queues are in memory.
 * fauxqs's own starter would do this too, but it listens on every interface; its `buildApp` leaves the address to us and
 * takes stores, whose classes the package does not export. Hence the imports of its files: the version is pinned.
 */
export async function openDiskStores(s3StorageDir: string): Promise<DiskStores> {
  const [SqsStore, SnsStore, S3Store, FileS3Persistence] = await Promise.all([
    fauxqsClass<new () => Stores['sqsStore']>('sqs/sqsStore.js', 'SqsStore'),
    fauxqsClass<new () => Stores['snsStore']>('sns/snsStore.js', 'SnsStore'),
    fauxqsClass<new () => S3Store>('s3/s3Store.js', 'S3Store'),
    fauxqsClass<new (dir: string) => DiskPersistence>('s3/fileS3Persistence.js', 'FileS3Persistence'),
  ]);
  const stores: Stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  // Empty: queue URLs then name the address that was asked, not `sqs.<region>.localhost`, which not every resolver knows.
  stores.sqsStore.host = '';
  const persistence = new FileS3Persistence(s3StorageDir);
  // Loaded before it is attached, so that loading does not write everything again.
  persistence.loadS3(stores.s3Store);
  stores.s3Store.persistence = persistence;
  return { stores, close: () => persistence.close() };
}

async function fauxqsClass<T>(file: string, name: string): Promise<T> {
  const module: Record<string, unknown> = await import(new URL(file, import.meta.resolve('fauxqs')).href);
  const found = module[name];
  if (typeof found !== 'function') {
    throw new TypeError(`fauxqs has no ${name} in ${file}: this code is written for fauxqs 2.4.1`);
  }
  return found as T;
}
