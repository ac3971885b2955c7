import { viewVersion } from '../../../db/queries/view-versions.ts';
import { type BundleFile, compileBundle, type Problem } from '../../definitions/compile.ts';
import { compileMjml } from '../../definitions/compile-mjml.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../domain/definition.ts';
import { neededBundle } from '../active-bundle.ts';
import { HttpError, notFound } from '../http-error.ts';
import { type Api, type Operation, operation } from '../operation.ts';
import { periodOf, periodView } from '../period.ts';
import { whatIf as schema, whatIfBody } from '../schemas/what-if.ts';
import { whatIfView } from '../views/what-if.ts';
import { whatIf } from '../what-if/what-if.ts';

/** Other definitions over what really happened. */
export const whatIfOperations: Operation[] = [
  operation({
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
      const period = periodOf(body, Date.now(), '');
      const active = await neededBundle(api, workspace);
      const { next, warnings } =
        body.files === undefined
          ? await earlier(api, workspace, body.version as number)
          : compiled(await compileMjml(body.files), workspace, active);
      const { limit, matters = null } = body;
      const found = await whatIf(api, workspace, { next, period, limit, matters });
      const against = body.version === undefined ? null : `b-${body.version}`;
      return {
        body: {
          period: periodView(period),
          against,
          warnings,
          ...whatIfView(found, active.workspace.currency),
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
