interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** As many as the API gives at once. */
export const MAX_PAGE = 200;

/**
 * Pages of a list until there are `limit` records, or no more.
 * @param limit none: all of them
 */
export async function readPages<Item>(
  fetchPage: (query: { limit: number; cursor?: string }) => Promise<Page<Item>>,
  limit = Infinity,
): Promise<{ items: Item[]; nextCursor: string | null }> {
  const items: Item[] = [];
  let nextCursor: string | null = null;
  do {
    const cursor: { cursor?: string } = nextCursor === null ? {} : { cursor: nextCursor };
    const page: Page<Item> = await fetchPage({ limit: Math.min(MAX_PAGE, limit - items.length), ...cursor });
    items.push(...page.items);
    nextCursor = page.nextCursor;
  } while (nextCursor !== null && items.length < limit);
  return { items, nextCursor };
}
