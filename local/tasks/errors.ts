/** As ECS: the client token was used before with other parameters. `resourceIds` holds the ARN of that task. */
export class ConflictException extends Error {
  override readonly name = 'ConflictException';
  readonly resourceIds: readonly string[];

  constructor(taskArn: string) {
    super('The client token is already in use by a task with other parameters.');
    this.resourceIds = [taskArn];
  }
}

/** As ECS: no such task. */
export class InvalidParameterException extends Error {
  override readonly name = 'InvalidParameterException';

  constructor(taskArn: string) {
    super(`The referenced task was not found: ${taskArn}`);
  }
}
