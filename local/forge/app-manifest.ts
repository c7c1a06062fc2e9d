import { generateKeyPairSync, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { AppOptions } from './access.ts';

/** What GitHub takes of an app that is to be made. */
export const appManifest = z.object({
  name: z.string().min(1).max(34),
  url: z.url(),
  redirect_url: z.url(),
  public: z.boolean().default(false),
  hook_attributes: z.object({ url: z.url(), active: z.boolean().default(true) }).optional(),
  callback_urls: z.array(z.url()).max(10).optional(),
  setup_url: z.url().optional(),
  request_oauth_on_install: z.boolean().optional(),
  default_permissions: z.record(z.string(), z.enum(['read', 'write'])).default({}),
  default_events: z.array(z.string()).default([]),
});
export type AppManifest = z.infer<typeof appManifest>;

export interface ManifestOfOwner {
  readonly manifest: AppManifest;
  readonly owner: string;
}

export interface MadeApp extends Omit<AppOptions, 'installationId' | 'account'> {
  readonly webhookSecret: string;
  /** PKCS#1 in PEM, as GitHub gives it. */
  readonly privateKey: string;
}

/** The app that a manifest asks for. */
export function appFrom({ manifest }: ManifestOfOwner, id: number): MadeApp {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    id,
    slug: manifest.name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, ''),
    clientId: `Iv1.${randomBytes(8).toString('hex')}`,
    clientSecret: randomBytes(20).toString('hex'),
    webhookSecret: randomBytes(20).toString('hex'),
    permissions: manifest.default_permissions,
    publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })),
    privateKey: String(privateKey.export({ type: 'pkcs1', format: 'pem' })),
  };
}
