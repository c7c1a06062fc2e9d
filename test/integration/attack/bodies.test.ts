import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../../lambdas/http/route.ts';
import { expectProblem } from '../api/client.ts';
import { expectRefusal, keyOf, startApi, type Api } from './api.ts';
import { bodySchemaOf, fullBody, placesOf, valueAt, withValueAt, type Path } from './body-schema.ts';
import { hostileValues, UNFIT_TEXTS } from './hostile-values.ts';
import { populatedTown, type PopulatedTown } from './populated-town.ts';
import { fill } from './requests.ts';

/** Every place of every body, spoiled in every way: refused with the place in `issues`, and nothing is written. */
describe('bodies', () => {
  let api: Api;
  let town: PopulatedTown;
  beforeAll(async () => {
    api = await startApi();
    town = await populatedTown(api, 'owner', ['acme']);
  });
  afterAll(() => api.close());

  const known = () => ({ ...town.ids, orgId: 'acme' });
  const withBody = (): Route[] => api.routes.filter(({ spec }) => spec?.body !== undefined);
  const post = (route: Route, body: unknown) =>
    api.call(route.method, fill(route.path, town.ids), { token: town.token, body });
  /** All rows of a route, and that its store stands as it stood. */
  const attack = async (route: Route, rows: readonly Row[]): Promise<number> => {
    const before = await api.stored();
    for (const { said, at, body } of rows) {
      const answer = await post(route, body);
      expectRefusal(`${keyOf(route)} ${said}`, answer, '400 invalid_input');
      const paths = expectProblem(answer).issues?.map(({ path }) => path) ?? [];
      expect(paths.some((path) => isAbout(path, at)) ? '' : `${said}: ${paths.join(' and ')}`).toBe('');
    }
    expect(await api.stored(), `${keyOf(route)} wrote something`).toEqual(before);
    return rows.length;
  };

  it('every route with a body has places to spoil, and a full body that the document allows', () => {
    expect(withBody().length).toBeGreaterThan(20);
    for (const route of withBody()) {
      const schema = bodySchemaOf(route);
      const body = schema && fullBody(schema, known());
      const said = `${keyOf(route)} ${JSON.stringify(body)}`;
      expect(`${said}: ${schema?.allows(body)}`).toBe(`${said}: true`);
    }
  });

  it('a value that the document refuses is refused, with its place', async () => {
    let count = 0;
    for (const route of withBody()) {
      const schema = bodySchemaOf(route);
      if (schema === undefined) continue;
      const full = fullBody(schema, known());
      const rows = placesOf(schema).flatMap((place) =>
        hostileValues(place, valueAt(full, place.path)).map(([what, value]): Row => {
          const at = what.startsWith('an unknown')
            ? [...place.path, what.split(' ').at(-1) ?? '']
            : place.path;
          return { said: `${what} at ${at.join('.')}`, at, body: withValueAt(full, place.path, value) };
        }),
      );
      const refused = rows.filter(({ body }) => !schema.allows(body));
      count += await attack(route, refused);
    }
    expect(count).toBeGreaterThan(1000);
  }, 90_000);

  it('text that is no text is refused wherever text may stand', async () => {
    let count = 0;
    for (const route of withBody()) {
      const schema = bodySchemaOf(route);
      if (schema === undefined) continue;
      const full = fullBody(schema, known());
      const texts = placesOf(schema).filter(({ path }) => typeof valueAt(full, path) === 'string');
      count += await attack(
        route,
        texts.flatMap(({ path }) =>
          UNFIT_TEXTS.map(([what, text]) => ({
            said: `${what} at ${path.join('.')}`,
            at: path,
            body: withValueAt(full, path, text),
          })),
        ),
      );
    }
    expect(count).toBeGreaterThan(100);
  }, 60_000);
});

interface Row {
  readonly said: string;
  readonly at: Path;
  readonly body: unknown;
}

/** An issue may name the place itself, what it is in, or what is in it. */
function isAbout(issue: string, at: Path): boolean {
  const place = at.join('.');
  return (
    (issue === '' && at.length <= 1) ||
    (issue !== '' && `${place}.`.startsWith(`${issue}.`)) ||
    `${issue}.`.startsWith(`${place}.`) ||
    place === ''
  );
}
