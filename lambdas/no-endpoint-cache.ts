/**
 * In the place of `@aws-sdk/endpoint-cache` when functions are bundled: DynamoDB's client makes one, and asks it only when endpoint
 * discovery is switched on, which it is nowhere.
 */
export class EndpointCache {
  get(): never {
    throw new Error('this bundle has no endpoint discovery: see lib/bundling.ts');
  }
  set(): never {
    return this.get();
  }
  has = (): boolean => false;
}
