/** API Gateway closes a socket after two hours; a row that outlives it is swept by the table's time to live. */
export const CONNECTION_LIFE_SECONDS = 2 * 3600 + 600;

/** All connections of a town: its container's, and those of the browsers that look at it. */
export const connectionsPk = (townId: string): string => `CONN#${townId}`;
