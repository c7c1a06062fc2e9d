import { AccessLogFormat, AccessLogField } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination, type IAccessLogSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Who asked for what, and what came of it. Neither headers nor queries: they hold tokens and tickets. */
export function accessLog(
  scope: Construct,
  id: string,
  retention: RetentionDays = RetentionDays.THREE_MONTHS,
): IAccessLogSettings {
  return {
    destination: new LogGroupLogDestination(new LogGroup(scope, id, { retention })),
    format: AccessLogFormat.custom(
      JSON.stringify({
        requestId: AccessLogField.contextRequestId(),
        at: AccessLogField.contextRequestTimeEpoch(),
        sourceIp: AccessLogField.contextIdentitySourceIp(),
        route: '$context.routeKey',
        status: AccessLogField.contextStatus(),
        bytes: AccessLogField.contextResponseLength(),
        latencyMs: AccessLogField.contextResponseLatency(),
        error: AccessLogField.contextErrorMessage(),
        authorizerError: AccessLogField.contextAuthorizerError(),
      }),
    ),
  };
}
