import { viewConfig } from '../../../db/queries/view-config.ts';
import { bundleJsonSchema } from '../../definitions/json-schema.ts';
import { activateBundle } from '../../intake/activate-bundle.ts';
import { HttpError } from '../http-error.ts';
import { type Operation, operation } from '../operation.ts';
import { applied, config, configBody, configQuery } from '../schemas/config.ts';
import { isoOrNull } from '../views/format.ts';

const tag = 'Configuration';

/** Definitions: what is active, and putting a new bundle in its place. */
export const configOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/config',
    tag,
    summary: 'The active bundle',
    scope: 'configure',
    query: configQuery,
    replies: { 200: { description: 'Its version and files', schema: config } },
    async handle({ api, workspace, query }) {
      const row = await viewConfig(api.deps.db.sql, workspace);
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
      if (!activation.ok) {
        const errors = activation.errors.map(({ file, path, message }) => ({
          file,
          path,
          code: 'invalid_definition',
          detail: message,
        }));
        const { warnings } = activation;
        throw new HttpError(422, 'invalid_bundle', 'the bundle was refused, nothing was applied', {
          errors,
          extra: { warnings },
        });
      }
      const { version, changed, warnings } = activation;
      return { body: { version, changed, warnings } };
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
