import { contentPath } from '../content/render.ts';
import { createEngines, parseEmail, parseText, TemplateError } from '../content/template.ts';
import type { ActionDef, WorkspaceDef } from '../domain/definition.ts';
import type { Problem } from './problem.ts';
import type { BundleFile, Source } from './read-files.ts';

const NAME = /^content\/([a-z0-9-]{1,64})\/([a-z_]+)\.([a-z]{2,3}(?:-[A-Z]{2})?)\.(liquid|txt)$/;

/** Every automatic action needs content in the fallback locale, and every template must parse. */
export function checkContent(
  content: readonly BundleFile[],
  actions: readonly { source: Source<unknown>; def: ActionDef }[],
  workspace: WorkspaceDef | undefined,
  knownIds: ReadonlySet<string>,
  errors: Problem[],
  warnings: Problem[],
): void {
  const paths = new Set(content.map((file) => file.path));
  const fallback = workspace?.locales[0];
  for (const { source, def } of actions) {
    if (fallback === undefined) break;
    def.channels.forEach((channel, index) => {
      if (channel === 'agent_desk') return;
      const path = contentPath(def.id, channel, fallback);
      if (!paths.has(path)) source.report(`channels[${index}]`, `no content for ${channel}: add ${path}`);
    });
  }
  const engines = createEngines();
  for (const file of content) {
    const error = (message: string) => errors.push({ file: file.path, path: '', message });
    const warn = (message: string) => warnings.push({ file: file.path, path: '', message });
    const name = NAME.exec(file.path);
    if (!name) {
      error(refusedName(file.path));
      continue;
    }
    const [, action, channel, locale, extension] = name as unknown as [
      string,
      string,
      string,
      string,
      string,
    ];
    if (channel !== 'email') error(`not supported yet: content for ${channel}`);
    else if (!knownIds.has(action)) warn(`no action has the id '${action}'`);
    else if (workspace && !workspace.locales.includes(locale))
      warn(`'${locale}' is none of the workspace's locales`);
    if (extension === 'txt' && !paths.has(contentPath(action, channel, locale))) {
      error(`has no HTML beside it: add ${contentPath(action, channel, locale)}`);
    }
    try {
      if (extension === 'txt') parseText(file.text, engines);
      else parseEmail(file.text, engines);
    } catch (problem) {
      if (!(problem instanceof TemplateError)) throw problem;
      error(problem.message);
    }
  }
}

function refusedName(path: string): string {
  if (path.endsWith('.mjml')) return 'not supported yet: MJML; use .liquid with HTML';
  if (/\.[a-z-]+\.[\w-]+\.(liquid|txt)$/i.test(path))
    return 'not supported yet: content variants; name it {channel}.{locale}.liquid';
  return 'must be named content/{action}/{channel}.{locale}.liquid or .txt';
}
