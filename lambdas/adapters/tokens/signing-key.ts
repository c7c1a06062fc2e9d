import type { JWK } from 'jose';

/** The town's one signing key and its MAC; in AWS both stay in KMS, locally they are files. */
export interface SigningKey {
  readonly keyId: string;
  /** ES256: the 64-byte r‖s signature over `data`. */
  sign(data: Uint8Array): Promise<Uint8Array>;
  publicJwk(): Promise<JWK>;
  /** HMAC-SHA-256 over `data`; the same data always gives the same MAC. */
  mac(data: Uint8Array): Promise<Uint8Array>;
}
