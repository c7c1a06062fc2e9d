/** What an agent is told: the rules of its role, and its first message. */
export type AgentPrompt = { system: string; firstMessage: string };
