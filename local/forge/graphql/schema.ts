import { buildSchema, type GraphQLSchema } from 'graphql';

let built: Promise<GraphQLSchema> | undefined;

/** GitHub's own published schema: a query that it refuses, GitHub refuses. Loaded at the first use: it has thousands of types. */
export function githubSchema(): Promise<GraphQLSchema> {
  built ??= import('@octokit/graphql-schema').then(({ schema }) =>
    buildSchema(schema.idl, { assumeValidSDL: true }),
  );
  return built;
}
