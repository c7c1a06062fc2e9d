/** Of records, and of integrations. */
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|github-\d+/g;
const TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g;

/** Texts that are made of chance, signatures or the clock, by the member that they stand in. */
const CHANCE =
  /"(nextCursor|ticket|url|installationId|uploadUrl|agentMinutes|containerMinutes|unattributedContainerMinutes)":("[^"]*"|[\d.e-]+)/g;

/**
 * Two tenants that do the same get the same answers but for ids, times, names of their own and what is sealed or signed. Ids are
 * numbered as they come up, so that which id stands where still counts.
 */
export function createNormalizer(own: Readonly<Record<string, string>>): (text: string) => string {
  const numbers = new Map<string, number>();
  const numberOf = (id: string): string => {
    const number = numbers.get(id) ?? numbers.size + 1;
    numbers.set(id, number);
    return `<id ${number}>`;
  };
  return (text) => {
    const named = Object.entries(own).reduce(
      (rest, [name, value]) => rest.replaceAll(value, `<${name}>`),
      text,
    );
    const plain = named
      .replaceAll(CHANCE, '"$1":"<chance>"')
      .replaceAll(ID, numberOf)
      .replaceAll(TIME, '<time>');
    // Names of branches end in a part of an id that was seen before.
    const known = [...numbers.keys()].map(
      (id) => [id.replaceAll('-', '').slice(-SHORT_ID_CHARS), numberOf(id)] as const,
    );
    return known.reduce((rest, [short, number]) => rest.replaceAll(short, number), plain);
  };
}
const SHORT_ID_CHARS = 8;
