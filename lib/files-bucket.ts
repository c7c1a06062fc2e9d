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
}

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

  /** Leave to ask which files there are. Without it S3 answers 403, not 404, for one that is not there. */
  list(): PolicyStatement {
    return new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] });
  }
}
