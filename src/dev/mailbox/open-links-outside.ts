// The slim form reads with the same parser as the full one does here, and loads no HTTP client.
import { load } from 'cheerio/slim';

/** The document as it is written: `xmlMode: false` parses HTML without adding or moving elements. */
const AS_WRITTEN = { xml: { xmlMode: false, decodeEntities: false } } as const;

/**
 * Lets each link of a mail open a tab of its own. The frame that shows the mail cannot follow a link: its policy forbids
 * other pages, and the browser would show an error in place of the mail.
 */
export function openLinksOutside(html: string): string {
  const $ = load(html, AS_WRITTEN);
  $('base').removeAttr('target');
  $('a, area').attr('target', '_blank').attr('rel', 'noopener noreferrer');
  $('meta[http-equiv]').each((_, element) => {
    if ($(element).attr('http-equiv')?.trim().toLowerCase() === 'refresh') $(element).remove();
  });
  return $.html();
}
