import { readConfigVersion, viewConfig } from '../../../db/config/active-bundle.ts';
import { viewVersion, viewVersions } from '../../../db/config/versions.ts';
import { type ActivationResult, activateBundle } from '../../app/config/activate-bundle.ts';
import type { OperatorSettings } from '../../app/config/advise-candidate.ts';
import { previewConfig } from '../../app/config/preview-config.ts';
import { rollbackBundle } from '../../app/config/rollback-bundle.ts';
import { bundleJsonSchema } from '../../definitions/source/json-schema.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import { iso } from '../../domain/time/time.ts';
import { decodeCursor, encodeCursor, toPage } from '../frame/cursor.ts';
import type { ApiDeps } from '../frame/deps.ts';
import { toIsoOrNull } from '../frame/format.ts';
import { HttpError, notFound } from '../frame/http-error.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import {
  activation,
  applyBody,
  bundleSchema,
  config,
  configQuery,
  preview,
  previewBody,
  rollbackBody,
  versionList,
  versionsQuery,
} from './schema.ts';

const tag = 'Configuration';

/** The active bundle, and activating another one. */
export const configOperations: Operation[] = [
  defineOperation({
    id: 'getConfig',
    method: 'get',
    path: '/v1/config',
    tag,
    summary: 'The active bundle, or an earlier version',
    scope: 'configure',
    query: configQuery,
    replies: { 200: { description: 'The version and its files', schema: config } },
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
      const { version = 0, hash = null, appliedBy = null } = row ?? {};
      return { body: { version, hash, activatedAt: toIsoOrNull(row?.activatedAt), appliedBy, files } };
    },
  }),
  defineOperation({
    id: 'applyConfig',
    method: 'put',
    path: '/v1/config',
    tag,
    summary: 'Check a bundle and activate it; a bundle with errors is refused as a whole',
    scope: 'configure',
    body: applyBody,
    bodyLimit: '5mb',
    replies: { 200: { description: 'The bundle is active', schema: activation } },
    problems: [409, 413, 422],
    async handle({ api, workspace, key, body, once }) {
      const { files, baseVersion } = body;
      const operator = operatorSettings(api.deps.config);
      const activation = await once<ActivationResult>((inSameTransaction) =>
        activateBundle(api.deps, workspace, files, {
          inSameTransaction,
          appliedBy: key.label,
          baseVersion,
          ...operator,
        }),
      );
      if (!activation.ok) throw toRefusal(activation);
      const { version, changed, warnings } = activation;
      return { body: { version, changed, warnings } };
    },
  }),
  defineOperation({
    id: 'previewConfig',
    method: 'post',
    path: '/v1/config/preview',
    tag,
    summary: 'What applying a bundle would change, and for which customers. Applies nothing',
    scope: 'configure',
    body: previewBody,
    bodyLimit: '5mb',
    replies: { 200: { description: 'The edits, and the customers they affect', schema: preview } },
    problems: [413],
    async handle({ api, workspace, body }) {
      const { errors, ...rest } = await previewConfig(
        api.deps,
        workspace,
        body,
        operatorSettings(api.deps.config),
      );
      return { body: { ...rest, errors: errors.map(toErrorView) } };
    },
  }),
  defineOperation({
    id: 'rollbackConfig',
    method: 'post',
    path: '/v1/config/rollback',
    tag,
    summary: 'Activate an earlier version of the bundle again, as a new version',
    scope: 'configure',
    body: rollbackBody,
    replies: { 200: { description: 'The bundle is active', schema: activation } },
    problems: [404, 409, 422],
    async handle({ api, workspace, key, body, once }) {
      const { db } = api.deps;
      const { version: target, moved, baseVersion } = body;
      const activation = await once<ActivationResult>(async (inSameTransaction) => {
        if (!(await viewVersion(db.sql, workspace, target))) throw notFound('version');
        const options = { inSameTransaction, appliedBy: key.label, baseVersion };
        return rollbackBundle(api.deps, workspace, target, moved, options);
      });
      if (!activation.ok) throw toRefusal(activation);
      const { version, changed, warnings } = activation;
      return { body: { version, changed, warnings } };
    },
  }),
  defineOperation({
    id: 'listConfigVersions',
    method: 'get',
    path: '/v1/config/versions',
    tag,
    summary: 'All versions of the bundle',
    scope: 'configure',
    query: versionsQuery,
    replies: { 200: { description: 'Newest first', schema: versionList } },
    async handle({ api, workspace, query: { limit, cursor } }) {
      const { sql } = api.deps.db;
      const place = decodeCursor<[number]>(cursor, ([at]) => Number.isSafeInteger(at));
      const before = place?.[0] ?? null;
      const active = await readConfigVersion(sql, workspace);
      const rows = await viewVersions(sql, { workspace, limit: limit + 1, before });
      const body = toPage(
        rows,
        limit,
        ({ version }) => encodeCursor(version),
        (row) => ({ ...row, activatedAt: iso(row.activatedAt), active: row.version === active }),
      );
      return { body };
    },
  }),
  defineOperation({
    id: 'getBundleSchema',
    method: 'get',
    path: '/v1/schema/bundle.json',
    tag,
    summary: 'The JSON Schema of the files of a bundle',
    scope: 'read',
    replies: { 200: { description: 'JSON Schema 2020-12', schema: bundleSchema } },
    async handle() {
      return { body: bundleSchema.parse(bundleJsonSchema()) };
    },
  }),
];

function toErrorView({ file, path, line, message }: Problem) {
  return { file, path, line, code: 'invalid_definition', detail: message };
}

function toRefusal({ errors, warnings }: { errors: Problem[]; warnings: Problem[] }): HttpError {
  return new HttpError(422, 'invalid_bundle', 'the bundle has errors', {
    errors: errors.map(toErrorView),
    extra: { warnings },
  });
}

function operatorSettings({ permissions, retention, channelReceipts }: ApiDeps['config']): OperatorSettings {
  return { permissions, keptEventsMs: retention?.events, channelReceipts };
}
