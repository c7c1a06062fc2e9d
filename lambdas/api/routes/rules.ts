import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { presentTown, town, townExample } from '../answers/town.ts';
import type { ApiDeps } from '../context.ts';
import * as inputs from '../inputs/rules.ts';
import { resumeRule } from '../town/resume-rule.ts';
import { TOWN } from './paths.ts';

export const ruleRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'resumeRule',
    method: 'POST',
    path: `${TOWN}/rules/resume`,
    auth: 'user',
    tag: 'towns',
    summary: 'Let a rule run again that is suspended because it would have broken an invariant',
    body: inputs.resumeRule,
    bodyExample: inputs.resumeRuleExample,
    answer: { status: 202, schema: town, example: townExample },
    run: async ({ event, params, body }) =>
      presentTown(await resumeRule(deps, userOf(event), params.townId, body.rule)),
  }),
];
