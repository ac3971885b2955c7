import { viewVersion } from '../../../db/config/versions.ts';
import { runWhatIf } from '../../app/what-if/what-if.ts';
import { compileMjml } from '../../content/mjml/compile.ts';
import { compileBundle } from '../../definitions/compile/bundle.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../domain/definition.ts';
import { requireActiveBundle } from '../frame/active-bundle.ts';
import { HttpError, notFound } from '../frame/http-error.ts';
import { type Api, defineOperation, type Operation } from '../frame/operation.ts';
import { parsePeriod, toPeriodView } from '../reports/period.ts';
import { whatIf as schema, whatIfBody } from './schema.ts';
import { toWhatIfView } from './view.ts';

/** Other definitions over what really happened. */
export const whatIfOperations: Operation[] = [
  defineOperation({
    method: 'post',
    path: '/v1/what-if',
    tag: 'Configuration',
    summary:
      'Who would have got what under a changed bundle, and what that would have been worth. Nothing is applied',
    scope: 'configure',
    body: whatIfBody,
    bodyLimit: '5mb',
    replies: { 200: { description: 'Recorded decisions, asked again', schema } },
    problems: [404, 413, 422],
    async handle({ api, workspace, body }) {
      const period = parsePeriod(body, Date.now(), '');
      const active = await requireActiveBundle(api, workspace);
      const { next, warnings } =
        body.files === undefined
          ? await earlier(api, workspace, body.version as number)
          : compiled(await compileMjml(body.files), workspace, active);
      const { limit, matters = null } = body;
      const found = await runWhatIf(api, workspace, { next, period, limit, matters });
      const against = body.version === undefined ? null : `b-${body.version}`;
      return {
        body: {
          period: toPeriodView(period),
          against,
          warnings,
          ...toWhatIfView(found, active.workspace.currency),
        },
      };
    },
  }),
];

interface Next {
  next: Bundle;
  warnings: Problem[];
}

async function earlier({ deps }: Api, workspace: string, version: number): Promise<Next> {
  const { sql } = deps.db;
  if (!(await viewVersion(sql, workspace, version))) throw notFound('version');
  return { next: await deps.bundles(sql, workspace, version), warnings: [] };
}

function compiled(files: BundleFile[], workspace: string, active: Bundle): Next {
  const found = compileBundle(files, active, Date.now());
  const { warnings } = found;
  if (!found.ok) throw refused(found.errors, warnings);
  const { id } = found.bundle.workspace;
  if (id !== workspace) {
    const message = `this key belongs to workspace ${workspace}: set id to ${workspace}, or use a key of ${id}`;
    throw refused([{ file: 'workspace.yaml', path: 'id', message }], warnings);
  }
  return { next: { ...found.bundle, format: BUNDLE_FORMAT, version: active.version + 1 }, warnings };
}

function refused(errors: Problem[], warnings: Problem[]): HttpError {
  return new HttpError(422, 'invalid_bundle', 'the bundle was refused, nothing was asked', {
    errors: errors.map(({ file, path, message }) => ({
      file,
      path,
      code: 'invalid_definition',
      detail: message,
    })),
    extra: { warnings },
  });
}
