/** Secrets of the tests: each is found again wherever it might have been written. */
export const CANARIES = {
  apiKey: 'canary-model-key-6f1e0000aaaa',
  githubToken: 'canary-github-token-0000bbbb',
  gitlabToken: 'canary-gitlab-token-0000cccc',
  githubCliPat: 'canary-github-cli-pat-00dddd',
  variable: 'canary-of-a-variable-0000eeee',
} as const;

/** Settings with a secret in every place that takes one. */
export const secretSettings = () => ({
  defaultModel: 'model-of-the-test',
  model: { provider: 'openai-compatible', baseUrl: 'https://models.example/v1', apiKey: CANARIES.apiKey },
  gitAuth: { githubToken: CANARIES.githubToken, gitlabToken: CANARIES.gitlabToken },
  githubCliPat: CANARIES.githubCliPat,
  envVars: { TEST_TOKEN: CANARIES.variable },
});

/** The canaries that stand in a text; there must be none. */
export const canariesIn = (text: string): string[] =>
  Object.values(CANARIES).filter((canary) => text.includes(canary));
