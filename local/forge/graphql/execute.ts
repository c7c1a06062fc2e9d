import {
  GraphQLError,
  Kind,
  execute,
  parse,
  validate,
  type DocumentNode,
  type GraphQLFieldResolver,
  type OperationDefinitionNode,
} from 'graphql';
import * as z from 'zod';
import type { Actor } from '../access.ts';
import type { RateState } from '../rate-limit.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import { rootOf } from './root.ts';
import { githubSchema } from './schema.ts';

const requestSchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});
export type GraphqlRequest = z.infer<typeof requestSchema>;

/** Undefined: it is none. */
export const readGraphqlRequest = (body: unknown): GraphqlRequest | undefined =>
  requestSchema.safeParse(body).data;

interface CheckedDocument {
  readonly document: DocumentNode;
  readonly errors: readonly GraphQLError[];
}

/** Parsed documents: clients send the same few again and again. */
const MAX_DOCUMENTS = 100;
const documents = new Map<string, CheckedDocument>();

async function checked(query: string): Promise<CheckedDocument> {
  const known = documents.get(query);
  if (known !== undefined) return known;
  const document = parse(query);
  const entry = { document, errors: validate(await githubSchema(), document) };
  if (documents.size >= MAX_DOCUMENTS) documents.clear();
  documents.set(query, entry);
  return entry;
}

/** `query repository`, `mutation addComment`: by the field, since names of operations are the clients'. */
export function operationOf({ query, operationName }: GraphqlRequest): string {
  try {
    const operations = parse(query).definitions.filter(
      (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
    );
    const operation = operations.find(({ name }) => name?.value === operationName) ?? operations[0];
    const fields = operation?.selectionSet.selections.flatMap((selection) =>
      selection.kind === Kind.FIELD ? [selection.name.value] : [],
    );
    // The limit is asked for along with anything.
    const named = fields?.find((field) => field !== 'rateLimit') ?? fields?.[0] ?? 'nothing';
    return `${operation?.operation ?? 'query'} ${named}`;
  } catch {
    return 'query that is none';
  }
}

/** What this forge does not know is an error, never a null that GitHub would not have said. */
const strictField: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
  const name = info.fieldName;
  if (typeof source !== 'object' || source === null || !(name in source))
    throw new GraphQLError(`the test forge does not answer ${info.parentType.name}.${name}`);
  const value = (source as Record<string, unknown>)[name];
  return typeof value === 'function' ? (value as (...a: unknown[]) => unknown)(args, context, info) : value;
};

/** As GitHub writes errors: its word for the kind stands beside the message. */
function errorShape(error: GraphQLError): object {
  const cause = error.originalError;
  const type = cause instanceof Refusal ? cause.type : error.extensions['type'];
  return {
    ...(typeof type === 'string' ? { type } : {}),
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    message: error.message,
  };
}

export async function executeGraphql(
  world: World,
  actor: Actor,
  rate: RateState,
  request: GraphqlRequest,
): Promise<{ data?: unknown; errors?: object[] }> {
  try {
    const { document, errors } = await checked(request.query);
    if (errors.length > 0) return { errors: errors.map(errorShape) };
    const result = await execute({
      schema: await githubSchema(),
      document,
      rootValue: rootOf(world, actor, rate),
      variableValues: request.variables ?? {},
      operationName: request.operationName ?? null,
      fieldResolver: strictField,
    });
    return {
      ...(result.data === undefined ? {} : { data: result.data }),
      ...(result.errors === undefined ? {} : { errors: result.errors.map(errorShape) }),
    };
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [errorShape(error)] };
    throw error;
  }
}
