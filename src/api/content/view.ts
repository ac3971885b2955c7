import type { z } from 'zod';
import type { MessagePreview } from '../../app/content/preview-message.ts';
import { countSegments } from '../../domain/text-segments.ts';
import { iso } from '../../domain/time/time.ts';
import type { contentPreview } from './schema.ts';

/** A preview as the API shows it. */
export function toPreviewView(preview: MessagePreview): z.infer<typeof contentPreview> {
  const { action, channel, bundle, subject, html, text, locale, requestedLocale, localeFallback } = preview;
  const { variant, blocks, dataUsed, missing, warnings } = preview;
  return {
    action: action.id,
    channel,
    bundleVersion: bundle.version,
    subject,
    html,
    text,
    locale,
    requestedLocale,
    localeFallback,
    variant,
    blocks,
    dataUsed: dataUsed.map((used) => ({ ...used, at: iso(used.at) })),
    missing,
    warnings,
    bytes: Buffer.byteLength(text) + Buffer.byteLength(html ?? ''),
    segments: html === null ? countSegments(text) : null,
  };
}
