import { readContentName } from '../../content/content-name.ts';
import { isPhoneTrait } from '../../domain/customer/address.ts';
import type { ChannelDef } from '../../domain/definition.ts';
import { countSegments } from '../../domain/text-segments.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { BundleFile } from '../source/bundle-file.ts';
import type { Problem } from '../source/problem.ts';

/** Text messages with more parts than this are warned of. */
const MAX_SEGMENTS = 3;
/** Of a file: text messages have at most 1,600 characters. */
const MAX_CHARS = 10_000;
/** Outputs and tags of Liquid. What they print is not known before the message. */
const LIQUID = /\{\{[^}]{0,1000}\}\}|\{%[^}]{0,1000}%\}/g;

/**
 * Warns of text messages that are long, and of characters that halve what fits into each part. Operators bill each part. Of
 * a template only its fixed text is counted.
 */
export function adviseTextMessages(
  content: readonly BundleFile[],
  channels: Readonly<Record<string, ChannelDef>>,
): Problem[] {
  return content.flatMap(({ path, text }): Problem[] => {
    const name = readContentName(path);
    const address = name && getOwn(channels, name.channel)?.address;
    if (name?.extension !== 'txt' || !address || !isPhoneTrait(address)) return [];
    const { segments, beyondGsm } = countSegments(text.slice(0, MAX_CHARS).replace(LIQUID, '').trim());
    const problems: string[] = [];
    if (beyondGsm.length > 0)
      problems.push(
        `${beyondGsm.slice(0, 10).join(' ')} ${beyondGsm.length === 1 ? 'is' : 'are'} not in the alphabet of text messages, so a part has 70 characters and not 160`,
      );
    if (segments > MAX_SEGMENTS)
      problems.push(`its fixed text alone has ${segments} parts, each of which is billed`);
    return problems.map((message) => ({ file: path, path: '', message }));
  });
}
