/**
 * A program: calls each function of its arguments in an empty environment, and says which variables it looked for and what it
 * said was missing. Its own process, because it takes the environment away.
 */
const functions = process.argv.slice(2);
const found: Record<string, { looked: string[]; error: string }> = {};
for (const name of functions) {
  const { handler } = (await import(`../../lambdas/${name}/index.ts`)) as {
    handler: (event: object, context: object) => unknown;
  };
  const looked = new Set<string>();
  const real = process.env;
  process.env = new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get(_target, key) {
        if (typeof key === 'string') looked.add(key);
        return undefined;
      },
    },
  );
  let error = '';
  try {
    await handler({}, {});
  } catch (thrown) {
    error = String(thrown);
  }
  process.env = real;
  found[name] = { looked: [...looked], error };
}
process.stdout.write(JSON.stringify(found));
