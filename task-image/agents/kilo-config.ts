import type { ModelCredentials } from '../../core/protocol/sync.ts';

/** Kilo is configured for nobody at the keyboard: what would ask a person is allowed or denied up front. */
const PERMISSION = {
  edit: 'allow',
  bash: 'allow',
  // Worktrees share one repository, and tests write to temporary folders.
  external_directory: 'allow',
  webfetch: 'deny',
  websearch: 'deny',
  question: 'deny',
  // The same call three times over: the model is stuck, and would go on spending.
  doom_loop: 'deny',
} as const;

/**
 * Tools that make no sense here: they wait for a person, act after the turn has ended, or speak to agents behind the town's
 * back.
 */
const TOOLS_OFF = Object.fromEntries(
  ['suggest', 'schedule_wakeup', 'cancel_wakeup', 'background_process', 'board_post', 'board_read'].map(
    (tool) => [tool, false],
  ),
);

/** What would touch files or start processes, and sub-agents, which would do so. */
const HANDS_DENIED = { edit: 'deny', bash: 'deny', external_directory: 'deny' } as const;
const HANDS_OFF = Object.fromEntries(
  ['bash', 'edit', 'write', 'patch', 'multiedit', 'apply_patch', 'task'].map((tool) => [tool, false]),
);

export type KiloConfigOptions = {
  credentials: ModelCredentials;
  /** `file:` URL of the bundled plugin. It must not lie in Kilo's config directory: Kilo would install packages there. */
  pluginUrl: string;
  /** The agent works through the town's tools alone: it changes no file and runs no command. @default false */
  isWithoutHands?: boolean;
};

/** Content of `KILO_CONFIG_CONTENT`. Holds the model key: never log it. */
export function kiloConfig({
  credentials,
  pluginUrl,
  isWithoutHands = false,
}: KiloConfigOptions): Record<string, unknown> {
  const { providerId, modelId, smallModelId } = credentials;
  return {
    model: `${providerId}/${modelId}`,
    small_model: `${providerId}/${smallModelId}`,
    enabled_providers: [providerId],
    provider: {
      [providerId]: {
        npm: credentials.npm,
        name: providerId,
        options: credentials.options,
        models: Object.fromEntries([...new Set([modelId, smallModelId])].map((id) => [id, modelEntry(id)])),
      },
    },
    plugin: [pluginUrl],
    permission: isWithoutHands ? { ...PERMISSION, ...HANDS_DENIED } : PERMISSION,
    tools: isWithoutHands ? { ...TOOLS_OFF, ...HANDS_OFF } : TOOLS_OFF,
    share: 'disabled',
    autoupdate: false,
    // The town keeps work on branches; shadow copies of every step would be a second history.
    snapshot: false,
    lsp: false,
    formatter: false,
  };
}

/** Kilo's own catalogue is not fetched, so a model's limits are said here. */
function modelEntry(id: string): Record<string, unknown> {
  return { name: id, tool_call: true, temperature: true, limit: { context: 200_000, output: 16_384 } };
}
