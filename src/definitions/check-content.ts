import { attributesReadBy } from '../content/reads.ts';
import { contentPath } from '../content/render.ts';
import { createEngines, type Engines, parseEmail, parseText, TemplateError } from '../content/template.ts';
import type { ActionDef, WorkspaceDef } from '../domain/definition.ts';
import type { Channels } from './channels.ts';
import type { Compiled } from './compile.ts';
import type { Problem } from './problem.ts';
import type { BundleFile } from './read-files.ts';

const NAME = /^content\/([a-z0-9-]{1,64})\/([a-z][a-z0-9_]*)\.([a-z]{2,3}(?:-[A-Z]{2})?)\.(liquid|txt)$/;

interface Named {
  action: string;
  channel: string;
  locale: string;
  extension: string;
}

function nameOf(path: string): Named | undefined {
  const match = NAME.exec(path);
  if (!match) return undefined;
  const [, action, channel, locale, extension] = match as unknown as [string, string, string, string, string];
  return { action, channel, locale, extension };
}

/**
 * Every automatic action needs content in the fallback locale, and every template must parse. Gives the attributes that
 * each action's templates read, in any channel and locale.
 */
export function checkContent(
  content: readonly BundleFile[],
  actions: readonly Compiled<ActionDef>[],
  workspace: WorkspaceDef | undefined,
  channels: Channels | null,
  knownIds: ReadonlySet<string>,
  errors: Problem[],
  warnings: Problem[],
): Map<string, Set<string>> {
  const paths = new Set(content.map((file) => file.path));
  const fallback = workspace?.locales[0];
  for (const { reports, def } of actions) {
    if (fallback === undefined) break;
    def.channels.forEach((channel, index) => {
      const via = channels?.get(channel)?.via;
      if (via === undefined || via === 'desk') return;
      const path = contentPath(def.id, channel, fallback, via === 'email' ? 'liquid' : 'txt');
      if (!paths.has(path)) reports.error(`channels[${index}]`, `no content for ${channel}: add ${path}`);
    });
  }
  const engines = createEngines();
  const reads = new Map<string, Set<string>>();
  for (const file of content) {
    const error = (message: string) => errors.push({ file: file.path, path: '', message });
    const warn = (message: string) => warnings.push({ file: file.path, path: '', message });
    const name = nameOf(file.path);
    if (!name) {
      error(refusedName(file.path));
      continue;
    }
    const { action, channel, locale, extension } = name;
    const via = channels?.get(channel)?.via;
    if (channels && (via === undefined || via === 'desk')) error(`there is no content for ${channel}`);
    else if (!knownIds.has(action)) warn(`no action has the id '${action}'`);
    else if (workspace && !workspace.locales.includes(locale))
      warn(`'${locale}' is none of the workspace's locales`);
    if (via === 'webhook' && extension !== 'txt')
      error(`${channel} is plain text: name it ${channel}.${locale}.txt`);
    if (channel === 'email' && extension === 'txt' && !paths.has(contentPath(action, channel, locale))) {
      error(`has no HTML beside it: add ${contentPath(action, channel, locale)}`);
    }
    try {
      const found = reads.get(action) ?? new Set();
      reads.set(action, found);
      for (const read of attributesReadBy(parse(file, engines))) found.add(read);
    } catch (problem) {
      if (!(problem instanceof TemplateError)) throw problem;
      error(problem.message);
    }
  }
  return reads;
}

function parse(file: BundleFile, engines: Engines) {
  if (file.path.endsWith('.txt')) return parseText(file.text, engines);
  const { subject, preheader, html } = parseEmail(file.text, engines);
  return [...subject, ...(preheader ?? []), ...html];
}

function refusedName(path: string): string {
  if (path.endsWith('.mjml')) return 'not supported yet: MJML; use .liquid with HTML';
  if (/\.[a-z-]+\.[\w-]+\.(liquid|txt)$/i.test(path))
    return 'not supported yet: content variants; name it {channel}.{locale}.liquid';
  return 'must be named content/{action}/{channel}.{locale}.liquid or .txt';
}
