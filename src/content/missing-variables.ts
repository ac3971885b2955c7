import type { Template } from 'liquidjs';
import { getOwn } from '../domain/values/get-own.ts';
import { type BlockName, blockPath } from './block-name.ts';
import type { FoundBlock } from './find-block.ts';
import { findContent, toReader } from './find-content.ts';
import type { EmailRequest } from './render-email.ts';
import { createEngines, parseBlock, parseEmail, parseText } from './template.ts';

/**
 * Lists what a message reads and this customer lacks, as paths: `traits.firstName`. Where a template has no default for
 * it, that is a hole.
 * @param blocks those that the message is made of
 */
export function listMissingVariables(
  request: EmailRequest,
  channel: string,
  blocks: readonly FoundBlock[],
): string[] {
  const engines = createEngines();
  const isMail = channel === 'email';
  const { source } = findContent(request, channel, isMail ? ['liquid', 'mjml'] : ['txt', 'liquid']);
  const templates: Template[] = [];
  if (isMail) {
    const { subject, preheader, html } = parseEmail(source, engines);
    templates.push(...subject, ...(preheader ?? []), ...html);
  } else templates.push(...parseText(source, engines));
  const read = toReader(request.files);
  // Subjects are plain text, so a mail may have blocks of both kinds.
  const extensions: readonly BlockName['extension'][] = isMail ? ['liquid', 'txt'] : ['txt'];
  for (const block of blocks)
    for (const extension of extensions) {
      const text = read(blockPath({ ...block, extension }));
      if (text === undefined) continue;
      templates.push(...parseBlock(text, extension, engines));
      break;
    }
  const paths = engines.html.globalVariableSegmentsSync(templates) as unknown[][];
  const missing = paths
    .filter(([root]) => ROOTS.includes(String(root)))
    .filter((path) => path.every((name) => typeof name === 'string') && lacks(request.data, path as string[]))
    .map((path) => path.join('.'));
  return [...new Set(missing)].sort();
}

/** Variables about the customer. Others are the template's own, or of its blocks. */
const ROOTS = ['traits', 'account', 'event', 'cart', 'coupon'];

function lacks(data: unknown, path: readonly string[]): boolean {
  let value = data;
  for (const name of path) {
    // What is read of each item of a list is not known by its path.
    if (Array.isArray(value)) return false;
    if (typeof value !== 'object' || value === null) return true;
    value = getOwn(value as Record<string, unknown>, name);
  }
  return value === undefined || value === null || value === '';
}
