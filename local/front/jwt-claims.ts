/** Claims of a token as API Gateway's JWT authorizer hands them over: each one as text, a list as `[a b]`. */
export const claimsAsText = (claims: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(claims).map(([name, claim]) => [name, textOf(claim)]));

function textOf(claim: unknown): string {
  if (Array.isArray(claim)) return `[${claim.map(textOf).join(' ')}]`;
  return typeof claim === 'string' ? claim : JSON.stringify(claim);
}
