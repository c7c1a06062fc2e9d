import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { SAMPLE_FILES } from './sample-repository.ts';

/** A GitHub of the demo's own, with a repository that wants checks and an approval before anything is merged into main. */
export interface DemoForge {
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly gitUrl: string;
  /** The bare repository on this machine. */
  readonly directory: string;
  /** What its GitHub App is known by; a local installation has it in `github-app.json`. */
  readonly app: object;
  /** What a browser brings back from GitHub when the app was installed by somebody who administers the repository. */
  installed(): { readonly code: string; readonly installationId: number };
  /** From now on it tells of changes. */
  tell(url: string): void;
  /** What git needs to trust it. */
  readonly environment: Readonly<Record<string, string>>;
  /** One line a pull request. */
  pullRequests(): string[];
  close(): Promise<void>;
}

const APP = { appId: 1, slug: 'gastown', clientId: 'Iv1.demo', clientSecret: randomUUID() };
const INSTALLATION = 1;
const ACCOUNT = 'demo';
/** Whose repository it is. */
const ADMINISTRATOR = 'ada';
const REVIEWER = 'rita';
/** A person who looks after a while. */
const REVIEW_AFTER_MS = 20_000;
const CHECK_AFTER_MS = 3000;

/** Nothing of it outlives this process. */
export async function startDemoForge(dataDir: string): Promise<DemoForge> {
  // It loads GitHub's whole schema, which nothing else of the demo needs.
  const { startForge } = await import('../forge/start-forge.ts');
  const { createLoopbackCertificate } = await import('../forge/loopback-certificate.ts');
  const home = join(dataDir, 'forge');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const { certificateFile, ...tls } = await createLoopbackCertificate(home);
  setDefaultCACertificates([...getCACertificates(), tls.cert.toString()]);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const webhookSecret = randomUUID();
  const { appId: id, ...known } = APP;
  const forge = await startForge({
    tls,
    app: { id, ...known, publicKey, installationId: INSTALLATION, account: ACCOUNT },
    directory: join(home, 'repositories'),
    automation: {
      reviewer: { login: REVIEWER, afterMs: REVIEW_AFTER_MS },
      checks: [{ name: 'ci', afterMs: CHECK_AFTER_MS }],
    },
  });
  const repository = await forge.createRepository({
    owner: ACCOUNT,
    name: 'sample',
    files: SAMPLE_FILES,
    access: { [`${APP.slug}[bot]`]: 'write', [ADMINISTRATOR]: 'admin', [REVIEWER]: 'write' },
  });
  await repository.protect('main', { requiredApprovals: 1, requiredChecks: ['ci'] });
  return {
    apiUrl: forge.apiUrl,
    graphqlUrl: forge.graphqlUrl,
    gitUrl: forge.gitUrl(ACCOUNT, 'sample'),
    directory: repository.state.directory,
    app: { ...APP, privateKey, webhookSecrets: [webhookSecret] },
    installed: () => ({ code: forge.userCode(ADMINISTRATOR), installationId: INSTALLATION }),
    tell: (url) => forge.webhooks.configure({ url, secret: webhookSecret }),
    environment: { GIT_SSL_CAINFO: certificateFile },
    pullRequests: () =>
      repository
        .pulls()
        .map(
          ({ state: { number, title, base, state, merged } }) =>
            `#${number} ${title} → ${base}: ${merged === undefined ? state : 'merged'}`,
        ),
    close: () => forge.close(),
  };
}
