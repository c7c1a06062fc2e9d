/** The token of an `Authorization: Bearer …`; undefined when there is none. */
export const bearerOf = (header: string | undefined): string | undefined =>
  /^Bearer (\S+)$/.exec(header ?? '')?.[1];
