import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  type IBucket,
} from 'aws-cdk-lib/aws-s3';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface FilesBucketProps {
  /**
   * How long an exported town, or one that was uploaded to be imported, can be fetched.
   * @default 7 days
   */
  readonly transferLife?: Duration;
  /**
   * How long is kept who asked for which file.
   * @default 90 days
   */
  readonly accessLogLife?: Duration;
  /**
   * How long after it was last saved an agent's session can be gone on with. Each save stores again what is older than a day.
   * @default 90 days
   */
  readonly snapshotLife?: Duration;
}

/** Where snapshots of sessions are (core/snapshot/snapshot-keys.ts). */
export const SNAPSHOTS = 'snapshots/';

/** Files of towns: `snapshots/` of agents' sessions, `exports/` and `imports/`. Read and written by presigned URLs. */
export class FilesBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: FilesBucketProps = {}) {
    super(scope, id);
    const transferLife = props.transferLife ?? Duration.days(7);
    const common: BucketProps = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    };
    const serverAccessLogsBucket = new Bucket(this, 'AccessLogs', {
      ...common,
      lifecycleRules: [{ id: 'access-logs', expiration: props.accessLogLife ?? Duration.days(90) }],
    });
    this.bucket = new Bucket(this, 'Bucket', {
      ...common,
      // The library's own class is not exact about what may be undefined.
      serverAccessLogsBucket: serverAccessLogsBucket as IBucket,
      lifecycleRules: [
        { id: 'exports', prefix: 'exports/', expiration: transferLife },
        { id: 'imports', prefix: 'imports/', expiration: transferLife },
        // Also what agents that are gone have left.
        { id: 'snapshots', prefix: SNAPSHOTS, expiration: props.snapshotLife ?? Duration.days(90) },
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    // For whoever is given leave to files, wherever in the stack.
    const { stack } = this.bucket;
    const bucketId = stack.getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    acknowledge(
      stack,
      `IAM5[Resource::<${bucketId}.Arn>/*]`,
      'Files are named by towns that are not there yet. It is one bucket, and the actions differ by function.',
    );
    acknowledge(
      stack,
      `IAM5[Resource::<${bucketId}.Arn>/${SNAPSHOTS}*]`,
      'Snapshots are named by towns and agents that are not there yet.',
    );
  }
  /** Leave to do this with the files. */
  files(
    ...actions: readonly ('GetObject' | 'PutObject' | 'DeleteObject' | 'AbortMultipartUpload')[]
  ): PolicyStatement {
    return new PolicyStatement({
      actions: actions.map((action) => `s3:${action}`),
      resources: [this.bucket.arnForObjects('*')],
    });
  }

  /** Leave to do this with the files below a prefix. */
  within(
    prefix: string,
    ...actions: readonly ('GetObject' | 'PutObject' | 'DeleteObject')[]
  ): PolicyStatement {
    return new PolicyStatement({
      actions: actions.map((action) => `s3:${action}`),
      resources: [this.bucket.arnForObjects(`${prefix}*`)],
    });
  }

  /** Leave to ask which files there are below a prefix. */
  listWithin(prefix: string): PolicyStatement {
    return new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [this.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${prefix}*` } },
    });
  }

  /** Leave to ask which files there are. Without it S3 answers 403, not 404, for one that is not there. */
  list(): PolicyStatement {
    return new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] });
  }
}
