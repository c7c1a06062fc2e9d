import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import type { ApiDeps } from '../context.ts';
import { nothing } from '../inputs/fields.ts';
import * as exports from '../transfer/exports.ts';
import * as imports from '../transfer/imports.ts';
import { TOWN, TOWNS } from './paths.ts';

/** A town as a file, and a file as a town. */
export const exportRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'requestExport',
    method: 'POST',
    path: `${TOWN}/exports`,
    auth: 'user',
    tag: 'towns',
    summary: 'Ask for a file of all that a town keeps but secrets',
    isCreation: true,
    body: nothing,
    bodyExample: {},
    answer: { status: 202, schema: exports.exportRequested, example: exports.exportRequestedExample },
    run: (request) => exports.requestExport(deps, userOf(request.event), request.params.townId, request),
  }),
  defineRoute({
    operationId: 'getExport',
    method: 'GET',
    path: `${TOWN}/exports/{exportId}`,
    auth: 'user',
    tag: 'towns',
    summary: 'Say how an export stands, and where its file is',
    answer: { status: 200, schema: exports.exportAnswer, example: exports.exportExample },
    run: ({ event, params }) => exports.readExport(deps, userOf(event), params.townId, params.exportId),
  }),
  defineRoute({
    operationId: 'beginImport',
    method: 'POST',
    path: `${TOWNS}/imports`,
    auth: 'user',
    tag: 'towns',
    summary: 'Begin the import of a town; its file is sent to the answered address',
    isCreation: true,
    body: nothing,
    bodyExample: {},
    answer: { status: 202, schema: imports.importBegun, example: imports.importBegunExample },
    run: (request) => imports.beginImport(deps, userOf(request.event), request),
  }),
  defineRoute({
    operationId: 'getImport',
    method: 'GET',
    path: `${TOWNS}/imports/{importId}`,
    auth: 'user',
    tag: 'towns',
    summary: 'Say how an import stands; asked after the upload, it makes the import go on',
    answer: { status: 200, schema: imports.importAnswer, example: imports.importExample },
    run: ({ event, params }) => imports.readImport(deps, userOf(event), params.importId),
  }),
];
