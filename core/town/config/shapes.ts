import * as z from 'zod';

/** Shapes that are made of a schema of settings: objects of optional fields, some of which are such objects again. */

const inner = (field: z.ZodType): z.ZodType =>
  field instanceof z.ZodOptional ? (field.unwrap() as z.ZodType) : field;

/** The group that a field is; undefined: it is a value. */
export function groupOf(field: z.ZodType): z.ZodObject | undefined {
  const type = inner(field);
  return type instanceof z.ZodObject ? type : undefined;
}

/** Whether null is a value of the field and not only the word for clearing it. */
export const takesNull = (field: z.ZodType): boolean => inner(field).safeParse(null).success;

function map(schema: z.ZodObject, change: (field: z.ZodType) => z.ZodType): z.ZodRawShape {
  const fields = Object.entries<z.ZodType>(schema.shape);
  return Object.fromEntries(fields.map(([name, field]) => [name, change(field)]));
}

/** The same, and unknown fields are refused with their path, however deep they are. */
export function strictly<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
): z.ZodObject<Shape, z.core.$strict> {
  const shape = map(schema, (field) => {
    const group = groupOf(field);
    return group === undefined ? field : strictly(group).optional();
  });
  return z.strictObject(shape) as unknown as z.ZodObject<Shape, z.core.$strict>;
}

/** What changes settings: every field is optional, null clears it, and nothing has a default. */
export type Patch<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? string extends keyof T
      ? T
      : { readonly [K in keyof T]?: Patch<T[K]> | null | undefined }
    : T;

/** Unknown fields are refused with their path. */
export function patchOf<T>(schema: z.ZodObject & z.ZodType<T>): z.ZodType<Patch<T>> {
  const shape = map(schema, (field) => {
    const group = groupOf(field);
    const changed = (group === undefined ? inner(field) : patchOf(group)).nullable().optional();
    const about = descriptionOf(field);
    return about === undefined ? changed : changed.meta({ description: about });
  });
  return z.strictObject(shape) as unknown as z.ZodType<Patch<T>>;
}

/** Every field is there; null where there is no value. */
export function completeOf(schema: z.ZodObject): z.ZodObject {
  const shape = map(schema, (field) => {
    const group = groupOf(field);
    return group === undefined ? inner(field).nullable() : completeOf(group);
  });
  return z.strictObject(shape);
}

/** What a field's setting does. */
export const descriptionOf = (field: z.ZodType): string | undefined =>
  field.meta()?.description ?? inner(field).meta()?.description;

/** Every value of a schema, groups resolved: `refinery.gates` and its field. */
export function leavesOf(schema: z.ZodObject, prefix = ''): [path: string, field: z.ZodType][] {
  const fields = Object.entries<z.ZodType>(schema.shape);
  return fields.flatMap(([name, field]) => {
    const group = groupOf(field);
    return group === undefined ? [[prefix + name, field]] : leavesOf(group, `${prefix}${name}.`);
  });
}
