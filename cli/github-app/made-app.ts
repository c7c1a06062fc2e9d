/** The app as GitHub made it. It is never printed. */
export interface MadeApp {
  readonly appId: number;
  readonly slug: string;
  /** Its page. */
  readonly htmlUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly privateKey: string;
  /** The current one first; empty without a webhook. */
  readonly webhookSecrets: readonly string[];
}

/** What signs for the app, as the functions read it. */
export const keyOf = ({ appId, slug, clientId, clientSecret, privateKey }: MadeApp) => ({
  appId,
  slug,
  clientId,
  clientSecret,
  privateKey,
});

/** What webhooks are checked with. */
export const webhookOf = ({ webhookSecrets }: MadeApp) => ({ webhookSecrets });
