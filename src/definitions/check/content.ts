import type { Template } from 'liquidjs';
import { listAttributesRead } from '../../content/attributes-read.ts';
import { listBlocksUsed } from '../../content/block-tags.ts';
import { contentPath, readContentName } from '../../content/content-name.ts';
import { createEngines, type Engines, parseEmail, parseText, TemplateError } from '../../content/template.ts';
import type { ActionDef } from '../../domain/definition.ts';
import type { BundleFile } from '../source/bundle-file.ts';
import { checkBlocks, isBlockFile } from './blocks.ts';
import type { ContentContext } from './content-context.ts';
import { checkContentName } from './content-name.ts';
import {
  checkVariants,
  listMissingTranslations,
  listVariants,
  type NamedContent,
} from './content-variants.ts';

/** What the templates of one action say about it. */
export interface ActionContent {
  /** Attributes that they read, in any channel, locale and variant. */
  reads: Set<string>;
  /** Segments by which its blocks are chosen. */
  blockSegments: Set<string>;
  variants: ActionDef['variants'];
}

/**
 * Checks that every automatic action has content in the fallback locale, each of its test variants too, that every file
 * is named for an action, channel and locale, and that every template parses.
 * @returns by the action's id
 */
export function checkContent(
  allFiles: readonly BundleFile[],
  context: ContentContext,
): Map<string, ActionContent> {
  const files = allFiles.filter((file) => !isBlockFile(file));
  const contentByAction = checkActions(files, context);
  const paths = new Set(files.map((file) => file.path));
  const engines = createEngines();
  const blocks = checkBlocks(allFiles.filter(isBlockFile), context.segments, context, engines);
  for (const file of files) {
    context.onFile(file.path);
    const error = (message: string) => context.errors.push({ file: file.path, path: '', message });
    const name = checkContentName(file.path, paths, context);
    if (!name) continue;
    if (name.extension === 'mjml' && file.compiled === undefined) {
      for (const problem of file.problems ?? ['MJML: has not been compiled']) error(problem);
      continue;
    }
    try {
      const content = contentByAction.get(name.action);
      for (const { templates, uses, extension } of parse(file, engines, error)) {
        const through = blocks.readThrough(file.path, uses, extension);
        for (const attribute of [...listAttributesRead(templates), ...through.attributes])
          content?.reads.add(attribute);
        for (const segment of through.segments) content?.blockSegments.add(segment);
      }
    } catch (problem) {
      if (!(problem instanceof TemplateError)) throw problem;
      error(problem.message);
    }
  }
  blocks.warnUnused();
  return contentByAction;
}

function checkActions(
  files: readonly BundleFile[],
  { actions, channels, locales, errors, warnings }: ContentContext,
): Map<string, ActionContent> {
  const paths = new Set(files.map((file) => file.path));
  const named = files.flatMap(({ path }): NamedContent[] => {
    const name = readContentName(path);
    return name ? [{ ...name, path }] : [];
  });
  const byAction = new Map<string, NamedContent[]>();
  for (const file of named) {
    const others = byAction.get(file.action);
    if (others) others.push(file);
    else byAction.set(file.action, [file]);
  }
  const fallback = locales?.[0];
  const contentByAction = new Map<string, ActionContent>();
  for (const { context, def } of actions) {
    const filesOfAction = byAction.get(def.id) ?? [];
    contentByAction.set(def.id, {
      reads: new Set(),
      blockSegments: new Set(),
      variants: listVariants(filesOfAction),
    });
    if (fallback === undefined) continue;
    checkVariants(filesOfAction, fallback, (file, message) => errors.push({ file, path: '', message }));
    for (const { file, locale, missing } of listMissingTranslations(filesOfAction, locales ?? []))
      warnings.push({
        file,
        path: '',
        message: `no translation for '${locale}', so its customers get '${fallback}': add ${missing}`,
      });
    def.channels.forEach((channel, index) => {
      const via = channels?.get(channel)?.via;
      if (via === undefined || via === 'desk') return;
      const path = contentPath(def.id, channel, fallback, via === 'email' ? 'liquid' : 'txt');
      if (via === 'email' && paths.has(contentPath(def.id, channel, fallback, 'mjml'))) return;
      if (!paths.has(path)) context.error(`channels[${index}]`, `no content for ${channel}: add ${path}`);
    });
  }
  return contentByAction;
}

interface ParsedPart {
  templates: Template[];
  /** Blocks that it renders, and those of which kind. */
  uses: string[];
  extension: 'liquid' | 'txt';
}

function parse(file: BundleFile, engines: Engines, error: (message: string) => void): ParsedPart[] {
  if (file.path.endsWith('.txt')) return [toPart(parseText(file.text, engines), 'txt')];
  const { subject, preheader, html, layout } = parseEmail(file.compiled ?? file.text, engines);
  if (layout !== null && file.compiled !== undefined)
    error('MJML is a whole page: a layout goes with .liquid');
  const body = toPart([...(preheader ?? []), ...html], 'liquid');
  return [
    toPart(subject, 'txt'),
    layout === null ? body : { ...body, uses: [...new Set([...body.uses, layout])] },
  ];
}

function toPart(templates: Template[], extension: ParsedPart['extension']): ParsedPart {
  return { templates, uses: listBlocksUsed(templates), extension };
}
