import { randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT, type CryptoKey } from 'jose';

/** What the user pool does in AWS. */
export interface LocalIssuer {
  /**
   * An access token of the local issuer: RS256, with the claims of the user pool's.
   * @param orgIds the groups of the pool that the user is in
   */
  userToken(userId: string, lifeSeconds: number, orgIds?: readonly string[]): Promise<string>;
  /** The claims of a token that API Gateway's JWT authorizer would let through. @throws jose's errors */
  verifyUser(token: string): Promise<Record<string, unknown>>;
}

const ISSUER = 'gastown-local';
const CLIENT_ID = 'gastown-local-client';
const KEY_ID = 'local';

type Key = CryptoKey | Uint8Array;

export const createLocalIssuer = (privateKey: Key, publicKey: Key): LocalIssuer => ({
  userToken: (userId, lifeSeconds, orgIds = []) =>
    new SignJWT({
      client_id: CLIENT_ID,
      token_use: 'access',
      scope: 'openid',
      username: userId,
      // The pool leaves the claim out for a user without groups.
      ...(orgIds.length === 0 ? {} : { 'cognito:groups': [...orgIds] }),
    })
      .setProtectedHeader({ alg: 'RS256', kid: KEY_ID })
      .setSubject(userId)
      .setIssuer(ISSUER)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${lifeSeconds}s`)
      .sign(privateKey),
  async verifyUser(token) {
    const { payload, protectedHeader } = await jwtVerify(token, publicKey, {
      algorithms: ['RS256'],
      issuer: ISSUER,
      requiredClaims: ['exp', 'iat', 'sub'],
    });
    // The audience of an access token is its client: the pool's have no `aud`.
    const audience: unknown = payload.aud ?? payload['client_id'];
    const isOurs = protectedHeader.kid === KEY_ID && [audience].flat().includes(CLIENT_ID);
    if (!isOurs) throw new Error('The token is for somebody else.');
    if ((payload.iat ?? 0) > Date.now() / 1000) throw new Error('The token is of the future.');
    return { ...payload };
  },
});
