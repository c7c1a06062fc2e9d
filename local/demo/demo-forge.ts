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
  readonly token: string;
  /** What git needs to trust it. */
  readonly environment: Readonly<Record<string, string>>;
  /** One line a pull request. */
  pullRequests(): string[];
  close(): Promise<void>;
}

const TOWN = 'gastown';
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
  const forge = await startForge({
    tls,
    directory: join(home, 'repositories'),
    automation: {
      reviewer: { login: REVIEWER, afterMs: REVIEW_AFTER_MS },
      checks: [{ name: 'ci', afterMs: CHECK_AFTER_MS }],
    },
  });
  const repository = await forge.createRepository({
    owner: 'demo',
    name: 'sample',
    files: SAMPLE_FILES,
    access: { [TOWN]: 'write', [REVIEWER]: 'write' },
  });
  await repository.protect('main', { requiredApprovals: 1, requiredChecks: ['ci'] });
  return {
    apiUrl: forge.apiUrl,
    graphqlUrl: forge.graphqlUrl,
    gitUrl: forge.gitUrl('demo', 'sample'),
    directory: repository.state.directory,
    token: forge.token(TOWN),
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
