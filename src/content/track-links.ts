import { QuoteType, Tokenizer } from 'htmlparser2';
import type { TrackedLink } from './tracking-token.ts';
import { isWebAddress } from './tracking-token.ts';

/** What to track in a message. */
export interface Tracking {
  /** The address that stands for a link; null: links stay as they are. */
  link: ((link: TrackedLink) => string) | null;
  /** The address of the image that reports an open; null: none. */
  image: string | null;
  /** Whether a link stays as it is: those to unsubscribe and to the preferences. */
  isExempt(url: string): boolean;
}

/** The addresses of a shop are shorter. Longer ones stay as they are: mail servers and proxies cut what is too long. */
const LONGEST_ADDRESS = 1_500;
const LINK_TAGS: ReadonlySet<string> = new Set(['a', 'area']);
/** `<a data-track="off">` stays as it is. */
const OPT_OUT = 'data-track';

/** Replaces what is at [start, end). */
interface Splice {
  start: number;
  end: number;
  text: string;
}

interface Attribute {
  value: string;
  start: number;
  end: number;
}

/**
 * Replaces the addresses of links in an HTML mail by tracked ones, and adds the image that reports an open. Everything
 * else stays as it is, byte for byte: other attributes, comments with the markup for Outlook, `mailto:` and `tel:`.
 */
export function trackLinks(html: string, { link, image, isExempt }: Tracking): string {
  const { links, bodyEnd } = scan(html);
  const splices: Splice[] = [];
  if (link) {
    let position = 0;
    for (const { value, start, end } of links) {
      const url = value.trim();
      if (url.length > LONGEST_ADDRESS || !isWebAddress(url) || isExempt(url)) continue;
      splices.push({ start, end, text: link({ url, position: position++ }) });
    }
  }
  if (image) splices.push({ start: bodyEnd, end: bodyEnd, text: renderImage(image) });
  return applySplices(html, splices);
}

/** Without a size, a border or a text: people who see no images see nothing. */
function renderImage(address: string): string {
  return `<img src="${address}" width="1" height="1" alt="" style="display:block;border:0;width:1px;height:1px">`;
}

/** Finds the `href` of every link, and where the body ends. */
function scan(html: string): { links: Attribute[]; bodyEnd: number } {
  const links: Attribute[] = [];
  let bodyEnd = html.length;
  let tag = '';
  let name = '';
  let value = '';
  let nameEnd = 0;
  let attributes = new Map<string, Attribute>();
  const endTag = () => {
    const href = attributes.get('href');
    if (href && LINK_TAGS.has(tag) && attributes.get(OPT_OUT)?.value.toLowerCase() !== 'off')
      links.push(href);
    tag = '';
  };
  const ignore = () => {};
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        tag = html.slice(start, end).toLowerCase();
        attributes = new Map();
      },
      onattribname(start, end) {
        name = html.slice(start, end).toLowerCase();
        value = '';
        nameEnd = end;
      },
      onattribdata(start, end) {
        value += html.slice(start, end);
      },
      onattribentity(codepoint) {
        value += String.fromCodePoint(codepoint);
      },
      onattribend(quote, after) {
        const opening = /\s*=\s*["']?/y;
        opening.lastIndex = nameEnd;
        const start = nameEnd + (opening.exec(html)?.[0].length ?? 0);
        const isQuoted = quote === QuoteType.Single || quote === QuoteType.Double;
        const end = isQuoted ? after - 1 : after;
        // Of two attributes with one name, the first counts.
        if (!attributes.has(name)) attributes.set(name, { value, start, end });
      },
      onopentagend: endTag,
      onselfclosingtag: endTag,
      onclosetag(start, end) {
        if (html.slice(start, end).toLowerCase() === 'body') bodyEnd = html.lastIndexOf('<', start);
      },
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onend: ignore,
      onprocessinginstruction: ignore,
      ontext: ignore,
      ontextentity: ignore,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  return { links, bodyEnd };
}

/** @param splices in the order of their places, except that of the image, which may be anywhere */
function applySplices(html: string, splices: Splice[]): string {
  let result = '';
  let from = 0;
  for (const { start, end, text } of [...splices].sort((a, b) => a.start - b.start)) {
    result += html.slice(from, start) + text;
    from = end;
  }
  return result + html.slice(from);
}
