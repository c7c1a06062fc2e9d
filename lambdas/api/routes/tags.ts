/** Headings of the API's document, in its order. */
export const tags = {
  towns: 'Towns, and what happens in them',
  rigs: 'Git repositories that a town works on',
  beads: 'Work items',
  convoys: 'Beads that belong together and land together',
  agents: 'Who works',
  integrations: 'What gives access to repositories',
  mayor: 'Who turns what people want into work',
  meta: 'The service itself',
} as const;
export type Tag = keyof typeof tags;
