import { Unauthorized } from '../../../core/errors.ts';
import type { AgentClaims, ContainerClaims, TokenSigner } from '../../../core/ports.ts';

type Verified =
  | { kind: 'container'; claims: ContainerClaims }
  | { kind: 'agent'; claims: AgentClaims }
  | { kind: 'bootstrap'; claims: ContainerClaims };

/** Tokens that anybody can read and make: signing has tests of its own, and takes time. */
export const modelTokens: TokenSigner = {
  bootstrapToken: async (claims) => write({ kind: 'bootstrap', claims }),
  async verifyBootstrapToken(token) {
    const read = JSON.parse(token) as Verified;
    if (read.kind !== 'bootstrap') throw new Unauthorized('no bootstrap token');
    return read.claims;
  },
  containerToken: async ({ townId, epoch }) => write({ kind: 'container', claims: { townId, epoch } }),
  agentToken: async (claims) => write({ kind: 'agent', claims }),
  async verify(token) {
    const read = JSON.parse(token) as Verified;
    if (read.kind === 'bootstrap') throw new Unauthorized('a bootstrap token');
    return read;
  },
};

const write = (token: Verified): string => JSON.stringify(token);

/** A key of a supervisor; only its thumbprint is ever looked at. */
export const PUBLIC_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
} as const;
