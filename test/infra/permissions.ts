import * as z from 'zod';
import { nameOf, ofType, textOf, type Resources } from './template.ts';

const statements = z.array(
  z.looseObject({
    Effect: z.literal('Allow'),
    Action: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
    Resource: z.unknown(),
    Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  }),
);
const policy = z.looseObject({
  PolicyDocument: z.looseObject({ Statement: statements }),
  Roles: z.array(z.object({ Ref: z.string() })).optional(),
});
const role = z.looseObject({ ManagedPolicyArns: z.array(z.unknown()).default([]) });

function linesOf(value: unknown): string[] {
  return policy.parse(value).PolicyDocument.Statement.flatMap(({ Action, Resource, Condition }) => {
    const on = Array.isArray(Resource) ? Resource : [Resource];
    const when = Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, value]) => ` if ${operator} ${key} ${textOf(value)}`),
    );
    return Action.flatMap((action) => on.map((one) => `${action} on ${textOf(one)}${when.join('')}`));
  });
}

/** All that a role may do, a line each: `action on resource if condition`, in order. */
export function permissionsOf(resources: Resources, roleName: string): string[] {
  const [found] = ofType(resources, 'AWS::IAM::Role').filter(([id]) => nameOf(id) === roleName);
  if (found === undefined) throw new Error(`The template has no role ${roleName}.`);
  const [roleId, { Properties }] = found;
  const attached = role.parse(Properties).ManagedPolicyArns.map((arn) => {
    const id = z.object({ Ref: z.string() }).safeParse(arn);
    const managed = id.success ? resources[id.data.Ref] : undefined;
    if (managed === undefined) throw new Error(`${roleName} has a policy from elsewhere: ${textOf(arn)}`);
    return managed.Properties;
  });
  const own = ofType(resources, 'AWS::IAM::Policy')
    .map(([, one]) => one.Properties)
    .filter((properties) => policy.parse(properties).Roles?.some(({ Ref }) => Ref === roleId));
  return [...attached, ...own].flatMap(linesOf).sort();
}
