import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** The routes of both APIs that ask no authorizer, and why each may. */
export class OpenRoutes extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    acknowledge(
      this,
      'APIG4',
      'Health and the OpenAPI document are for everybody; a container comes to bootstrap with a token in the body that the function checks; a browser comes back from GitHub without a token, and the function checks the single-use state that a signed-in user was given; GitHub calls with a signature that the function checks before anything else. A WebSocket API asks an authorizer at $connect only, and repeats what it said with every later event of the connection.',
    );
  }
}
