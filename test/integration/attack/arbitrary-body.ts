import * as fc from 'fast-check';
import { placesOf, typesOf, valueAt, withValueAt, type BodySchema, type Schema } from './body-schema.ts';

const MOST_ITEMS = 4;
const LONGEST_TEXT = 300;

/** Bodies that the document allows, but for what its words cannot say; the rest is filtered out. */
export function goodBodies(
  schema: BodySchema,
  known: Readonly<Record<string, string>>,
): fc.Arbitrary<unknown> {
  const of = (given: Schema, name = ''): fc.Arbitrary<unknown> => {
    const found = schema.resolve(given);
    if (found.enum !== undefined) return fc.constantFrom(...found.enum);
    if (found.anyOf !== undefined) return fc.oneof(...found.anyOf.map((one) => of(one, name)));
    const kinds = typesOf(found).map((type) => ofType(type, found, name));
    return kinds.length === 0 ? fc.jsonValue() : fc.oneof(...kinds);
  };
  const ofType = (type: string, found: Schema, name: string): fc.Arbitrary<unknown> => {
    const { exclusiveMinimum, maximum = 1e6, minItems = 0, maxItems = MOST_ITEMS } = found;
    const minExcluded = exclusiveMinimum !== undefined;
    const minimum = found.minimum ?? exclusiveMinimum ?? -1e6;
    switch (type) {
      case 'null':
        return fc.constant(null);
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return fc.integer({
          min: Math.max(minExcluded ? minimum + 1 : minimum, -1e6),
          max: Math.min(maximum, 1e6),
        });
      case 'number':
        return fc.double({ min: minimum, minExcluded, max: maximum, noNaN: true });
      case 'array':
        return fc.array(of(found.items ?? {}, name), {
          minLength: minItems,
          maxLength: Math.min(maxItems, MOST_ITEMS),
        });
      case 'object':
        return objects(found);
      default:
        return texts(found, known[name]);
    }
  };
  const objects = ({ properties = {}, required = [], additionalProperties }: Schema) => {
    const fields = Object.entries(properties).map(([name, field]) => [name, of(field, name)] as const);
    const named = fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
    if (additionalProperties === undefined || additionalProperties === false) return named;
    return fc.dictionary(fc.stringMatching(/^[A-Za-z_]{1,20}$/), of(additionalProperties), { maxKeys: 3 });
  };
  return of(schema.root).filter((body) => schema.allows(body));
}

function texts(
  { format, pattern, minLength = 0, maxLength = LONGEST_TEXT }: Schema,
  known: string | undefined,
) {
  if (format === 'email') return fc.emailAddress();
  if (format === 'uri') return fc.webUrl({ validSchemes: ['https'] });
  if (pattern?.startsWith('^[') === true) return fc.stringMatching(new RegExp(pattern, 'u'));
  const length = { minLength: Math.max(minLength, 0), maxLength: Math.min(maxLength, LONGEST_TEXT) };
  const any = fc.oneof(
    fc.string({ ...length, unit: 'grapheme' }),
    fc.string({ ...length, unit: 'binary' }),
    fc.string({ ...length, unit: 'grapheme-ascii' }),
  );
  return known === undefined ? any : fc.oneof({ weight: 4, arbitrary: fc.constant(known) }, any);
}

/** Good bodies, spoiled in one place by anything that JSON can say; what the document still allows is filtered out. */
export function badBodies(
  schema: BodySchema,
  known: Readonly<Record<string, string>>,
  full: unknown,
): fc.Arbitrary<unknown> {
  const places = placesOf(schema).filter(({ path }) => valueAt(full, path) !== undefined);
  return fc
    .tuple(fc.constantFrom(...places), fc.oneof(fc.jsonValue(), goodBodies(schema, known)))
    .map(([{ path }, value]) => withValueAt(full, path, value))
    .filter((body) => !schema.allows(body));
}
