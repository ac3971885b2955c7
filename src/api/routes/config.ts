import { readConfigVersion, viewConfig } from '../../../db/queries/view-config.ts';
import { viewVersion, viewVersions } from '../../../db/queries/view-versions.ts';
import { bundleJsonSchema } from '../../definitions/json-schema.ts';
import type { Problem } from '../../definitions/problem.ts';
import { iso } from '../../domain/time.ts';
import { activateBundle } from '../../intake/activate-bundle.ts';
import { rollbackBundle } from '../../intake/rollback-bundle.ts';
import { cursorOf, pageOf, readCursor } from '../cursor.ts';
import { HttpError, notFound } from '../http-error.ts';
import { type Operation, operation } from '../operation.ts';
import { previewConfig } from '../preview-config.ts';
import {
  applied,
  config,
  configBody,
  configQuery,
  preview,
  rollbackBody,
  versionList,
  versionsQuery,
} from '../schemas/config.ts';
import { isoOrNull } from '../views/format.ts';

const tag = 'Configuration';

/** Definitions: what is active, and putting a new bundle in its place. */
export const configOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/config',
    tag,
    summary: 'The active bundle, or an earlier one',
    scope: 'configure',
    query: configQuery,
    replies: { 200: { description: 'Its version and files', schema: config } },
    problems: [404],
    async handle({ api, workspace, query }) {
      const { sql } = api.deps.db;
      const row = query.version
        ? await viewVersion(sql, workspace, query.version)
        : await viewConfig(sql, workspace);
      if (!row && query.version) throw notFound('version');
      const files = (row?.files ?? []).map(({ path, text }) => ({
        path,
        bytes: Buffer.byteLength(text),
        ...(query.text === 'true' ? { text } : {}),
      }));
      const { version = 0, hash = null } = row ?? {};
      return { body: { version, hash, activatedAt: isoOrNull(row?.activatedAt), files } };
    },
  }),
  operation({
    method: 'put',
    path: '/v1/config',
    tag,
    summary: 'Check a bundle and make it the active one, or refuse it whole',
    scope: 'configure',
    body: configBody,
    bodyLimit: '5mb',
    replies: { 200: { description: 'It is active', schema: applied } },
    problems: [413, 422],
    async handle({ api, workspace, body }) {
      const activation = await activateBundle(api.deps.db, workspace, body.files);
      if (!activation.ok) throw refused(activation);
      const { version, changed, warnings } = activation;
      return { body: { version, changed, warnings } };
    },
  }),
  operation({
    method: 'post',
    path: '/v1/config/preview',
    tag,
    summary: 'What applying a bundle would do, and to whom. Nothing is applied',
    scope: 'configure',
    body: configBody,
    bodyLimit: '5mb',
    replies: { 200: { description: 'Its edits, and everybody who is affected', schema: preview } },
    problems: [413],
    async handle({ api, workspace, body }) {
      const { errors, ...rest } = await previewConfig(api, workspace, body.files);
      return { body: { ...rest, errors: errors.map(errorOf) } };
    },
  }),
  operation({
    method: 'post',
    path: '/v1/config/rollback',
    tag,
    summary: 'Make an earlier bundle the active one again, as a new version, or refuse it whole',
    scope: 'configure',
    body: rollbackBody,
    replies: { 200: { description: 'It is active', schema: applied } },
    problems: [404, 422],
    async handle({ api, workspace, body }) {
      const { db } = api.deps;
      if (!(await viewVersion(db.sql, workspace, body.version))) throw notFound('version');
      const activation = await rollbackBundle(db, workspace, body.version, body.moved);
      if (!activation.ok) throw refused(activation);
      const { version, changed, warnings } = activation;
      return { body: { version, changed, warnings } };
    },
  }),
  operation({
    method: 'get',
    path: '/v1/config/versions',
    tag,
    summary: 'All bundles there have been',
    scope: 'configure',
    query: versionsQuery,
    replies: { 200: { description: 'Newest first', schema: versionList } },
    async handle({ api, workspace, query: { limit, cursor } }) {
      const { sql } = api.deps.db;
      const place = readCursor<[number]>(cursor, ([at]) => Number.isSafeInteger(at));
      const before = place?.[0] ?? null;
      const active = await readConfigVersion(sql, workspace);
      const rows = await viewVersions(sql, { workspace, limit: limit + 1, before });
      const body = pageOf(
        rows,
        limit,
        ({ version }) => cursorOf(version),
        (row) => ({ ...row, activatedAt: iso(row.activatedAt), active: row.version === active }),
      );
      return { body };
    },
  }),
  operation({
    method: 'get',
    path: '/v1/schema/bundle.json',
    tag,
    summary: "JSON Schema of a bundle's files",
    scope: 'read',
    replies: { 200: { description: 'JSON Schema 2020-12' } },
    async handle() {
      return { body: bundleJsonSchema() };
    },
  }),
];

function errorOf({ file, path, message }: Problem) {
  return { file, path, code: 'invalid_definition', detail: message };
}

function refused({ errors, warnings }: { errors: Problem[]; warnings: Problem[] }): HttpError {
  return new HttpError(422, 'invalid_bundle', 'the bundle was refused, nothing was applied', {
    errors: errors.map(errorOf),
    extra: { warnings },
  });
}
