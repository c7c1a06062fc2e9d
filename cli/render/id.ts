/** Ids begin with a time, so that many begin alike: people see and write how they end. */
const SHOWN_CHARS = 8;

export const shortId = (id: string): string => (isFullId(id) ? id.slice(-SHOWN_CHARS) : id);

export const isFullId = (text: string): boolean =>
  /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text);
