/** Where the GraphQL API is that belongs to a REST API: an Enterprise Server has it beside `/api/v3`, the others below. */
export function graphqlUrlOf(apiUrl: string): string {
  const base = apiUrl.replace(/\/+$/, '');
  return base.endsWith('/api/v3') ? `${base.slice(0, -'/v3'.length)}/graphql` : `${base}/graphql`;
}
