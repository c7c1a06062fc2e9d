/** dynalite has no types of its own; `dynalite-types.ts` states those of what we use. */
declare module 'dynalite/db/index.js' {
  const db: unknown;
  export default db;
}

declare module 'dynalite/validations/index.js' {
  const validations: unknown;
  export default validations;
}

declare module 'dynalite/validations/*.js' {
  const rules: { types: object; custom?: unknown };
  export default rules;
}

declare module 'dynalite/actions/*.js' {
  const action: unknown;
  export default action;
}
