import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as z from 'zod';
import type { Route } from '../../../lambdas/http/route.ts';

/** What the API's document says of a body; only the words that our schemas use. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
}

export interface BodySchema {
  readonly root: Schema;
  /** The schema itself, or what its `$ref` names. */
  readonly resolve: (schema: Schema) => Schema;
  /** Whether the document lets a body pass. An oracle that is not the code under attack. */
  readonly allows: (body: unknown) => boolean;
}

export function bodySchemaOf({ spec }: Route): BodySchema | undefined {
  if (spec?.body === undefined) return undefined;
  const root = z.toJSONSchema(spec.body, { io: 'input' }) as Schema;
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(root);
  const resolve = (schema: Schema): Schema => {
    const name = schema.$ref?.split('/').at(-1);
    const found = name === undefined ? undefined : root.$defs?.[name];
    return found === undefined ? schema : resolve(found);
  };
  return { root, resolve, allows: (body) => validate(body) };
}

export type Path = readonly (string | number)[];
export interface Place {
  readonly path: Path;
  readonly schema: Schema;
}

/** A body in which every field is there once, so that every place of it can be spoiled. Texts are made of nothing but `a`. */
export function fullBody({ root, resolve }: BodySchema, known: Readonly<Record<string, string>>): unknown {
  const valueOf = (given: Schema, name = ''): unknown => {
    const schema = resolve(given);
    const { anyOf, properties = {}, items = {}, additionalProperties } = schema;
    if (schema.enum !== undefined) return schema.enum[0];
    if (anyOf?.[0] !== undefined) return valueOf(anyOf[0], name);
    switch (typesOf(schema)[0]) {
      case 'object': {
        const fields = Object.entries(properties).map(([key, field]) => [key, valueOf(field, key)] as const);
        const extra = additionalProperties === undefined || additionalProperties === false;
        return Object.fromEntries(extra ? fields : [...fields, ['A', valueOf(additionalProperties)]]);
      }
      case 'array':
        return [valueOf(items, name)];
      case 'integer':
      case 'number':
        return schema.minimum ?? (schema.exclusiveMinimum ?? -1) + 1;
      case 'boolean':
        return true;
      case 'string':
        return known[name] ?? textOf(schema);
      default:
        return 'a';
    }
  };
  return valueOf(root);
}

/** Several: a field that may be null as well. */
export const typesOf = ({ type = [] }: Schema): readonly string[] => [type].flat();

function textOf({ format, minLength = 0 }: Schema): string {
  if (format === 'uri') return 'https://example.com/';
  if (format === 'email') return 'a@example.com';
  return 'a'.repeat(Math.max(1, minLength));
}

/** Every place of a full body: objects and lists first, then what is in them. */
export function placesOf({ root, resolve }: BodySchema): Place[] {
  const walk = (given: Schema, path: Path): Place[] => {
    const schema = resolve(given);
    const { properties = {}, items, additionalProperties: extra } = schema;
    return [
      { path, schema },
      ...Object.entries(properties).flatMap(([name, field]) => walk(field, [...path, name])),
      ...(items === undefined ? [] : walk(items, [...path, 0])),
      ...(extra === undefined || extra === false ? [] : walk(extra, [...path, 'A'])),
    ];
  };
  return walk(root, []);
}

/** The body with another value at one place. */
export function withValueAt(body: unknown, path: Path, value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (Array.isArray(body)) {
    return body.map((member: unknown, index) =>
      index === first ? withValueAt(member, rest, value) : member,
    );
  }
  if (typeof body !== 'object' || body === null) return body;
  const fields = Object.entries(body).map(([name, member]): [string, unknown] => [
    name,
    name === first ? withValueAt(member, rest, value) : member,
  ]);
  return Object.fromEntries(fields);
}

export const valueAt = (body: unknown, path: Path): unknown =>
  path.reduce<unknown>((found, key) => (found as Record<string | number, unknown>)[key], body);
