import { load } from 'cheerio/slim';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Tracking, trackLinks } from '../../src/content/track-links.ts';

const link: Tracking['link'] = ({ url, position }) =>
  `https://t.example/r/${position}.${Buffer.from(url).toString('base64url')}`;
const track = (html: string, over: Partial<Tracking> = {}) =>
  trackLinks(html, { link, image: null, isExempt: (url) => url.includes('/unsubscribe/'), ...over });
const listTargets = (html: string) =>
  [...html.matchAll(/https:\/\/t\.example\/r\/(\d+)\.([\w-]+)/g)].map(([, n, url]) => [
    Number(n),
    Buffer.from(url as string, 'base64url').toString(),
  ]);

test('links are tracked in their order, with entities read; all else stays', () => {
  const html = `<!doctype html><html><BODY>
<A CLASS=b HREF='https://shop.example/?a=1&amp;b=2' style="color:red">Buy</A>
<a href=https://shop.example/plain>x</a><map><area shape="rect" href="http://shop.example/area"></map>
<a href="mailto:a@b.example">m</a><a href="tel:+49">t</a><a href="#top">up</a><a href="/here">r</a><a name="x">n</a>
<a href="https://t.example/unsubscribe/abc">u</a><a data-track="off" href="https://shop.example/reset?token=1">p</a>
<!--[if mso]><a href="https://shop.example/outlook">o</a><![endif]-->
<img src="https://shop.example/a.png"><link href="https://shop.example/a.css"><p title='<a href="https://no.example">'>é</p>
</BODY></html>`;
  const tracked = track(html);
  expect(listTargets(tracked)).toEqual([
    [0, 'https://shop.example/?a=1&b=2'],
    [1, 'https://shop.example/plain'],
    [2, 'http://shop.example/area'],
  ]);
  const back = tracked
    .replace(/https:\/\/t\.example\/r\/0\.[\w-]+/, 'https://shop.example/?a=1&amp;b=2')
    .replace(/https:\/\/t\.example\/r\/1\.[\w-]+/, 'https://shop.example/plain')
    .replace(/https:\/\/t\.example\/r\/2\.[\w-]+/, 'http://shop.example/area');
  expect(back).toBe(html);
});

test('of a link with two addresses the first counts, as in a browser; an address that is too long stays', () => {
  expect(listTargets(track('<a href="https://a.example/1" href="https://b.example/2">x</a>'))).toEqual([
    [0, 'https://a.example/1'],
  ]);
  const long = `<a href="https://a.example/${'x'.repeat(2_000)}">x</a>`;
  expect(track(long)).toBe(long);
});

test('the image is the last of the body, or of a text without one', () => {
  const image = 'https://t.example/o/x.gif';
  expect(track('<body><p>a</p></body></html>', { image })).toMatch(
    /<p>a<\/p><img src="https:\/\/t\.example\/o\/x\.gif" [^>]*><\/body><\/html>$/,
  );
  expect(track('<p>a</p>', { image })).toMatch(/^<p>a<\/p><img [^>]*>$/);
  expect(track('<p>a</p>', { link: null })).toBe('<p>a</p>');
});

test('whatever the markup: without a link nothing changes, and a reader sees the same page but for the addresses', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '<a href="https://s.example/1">',
      "<A HREF='https://s.example/2'",
      '<a href=https://s.example/3>',
      '</a>',
      '<!--',
      '-->',
      '<!--[if mso]>',
      '<![endif]-->',
      '<style>',
      '</style>',
      '<script>',
      '</script>',
      '<p title="',
      '">',
      '<body>',
      '</body>',
      '<textarea>',
      '<title>',
      '&amp;',
      '&#',
      '<',
      '>',
      '="',
      "'",
      ' ',
      '\n',
      '<![CDATA[',
      ']]>',
      '<?x',
      '\u0000',
      'ü',
      '😀',
    ),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
      (html) => {
        expect(track(html, { link: null })).toBe(html);
        const tracked = track(html);
        const links: string[] = [];
        trackLinks(html, {
          link: ({ url }) => {
            links.push(url);
            return url;
          },
          image: null,
          isExempt: () => false,
        });
        expect(listTargets(tracked).map(([, url]) => url)).toEqual(links);
        const seen = (text: string) => {
          const $ = load(text, { xml: false });
          return $('a')
            .toArray()
            .map((element) => $(element).text());
        };
        expect(seen(tracked)).toEqual(seen(html));
      },
    ),
    { numRuns: 500 },
  );
});

test('the time is proportional to the size', () => {
  const row = '<tr><td><a href="https://shop.example/p?id=1">Product</a></td></tr>';
  const started = performance.now();
  expect(listTargets(track(`<table>${row.repeat(3_000)}</table>`))).toHaveLength(3_000);
  expect(performance.now() - started).toBeLessThan(1_000);
});
