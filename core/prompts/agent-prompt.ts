/** What an agent is told: the rules of its role, and its first message. Without one it waits for somebody to write. */
export type AgentPrompt = { system: string; firstMessage?: string };
