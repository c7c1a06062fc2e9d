import * as z from 'zod';

/** Who serves the models. All but the last bring their own address along. */
export const modelProvider = z.enum(['anthropic', 'openai', 'amazon-bedrock', 'openai-compatible']);
export type ModelProvider = z.infer<typeof modelProvider>;

export const isModelProvider = (name: string): name is ModelProvider => modelProvider.safeParse(name).success;
