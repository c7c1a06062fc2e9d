/**
 * In the place of `@aws-sdk/credential-provider-node` when functions are bundled: a function's credentials are in its
 * environment, and the other providers (files, SSO, instance metadata) are a fifth of its bundle.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
