import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  SubnetType,
  Vpc,
  type ISubnet,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface NetworkProps {
  /**
   * How long it is kept who spoke with whom.
   * @default one month
   */
  readonly flowLogRetention?: RetentionDays;
}

/** Public subnets without a NAT gateway: an idle network costs nothing. Nothing in it takes a connection from outside. */
export class Network extends Construct {
  readonly vpc: IVpc;

  constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id);
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      // A task asks for its address itself.
      subnetConfiguration: [{ name: 'Tasks', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false }],
      // That would take a function with rights over security groups; nothing is in the default group.
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    const logGroup = new LogGroup(this, 'FlowLogs', {
      retention: props.flowLogRetention ?? RetentionDays.ONE_MONTH,
    });
    // Agents run what models write: where it connected to must be known afterwards.
    vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs(logGroup) });
    // The library's own classes are not exact about what may be undefined.
    this.vpc = vpc as IVpc;
  }

  get subnets(): readonly ISubnet[] {
    return this.vpc.publicSubnets;
  }
}
