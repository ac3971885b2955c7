import { expect, test } from 'vitest';
import { toPlainText } from '../../src/content/plain-text.ts';

test.each<[string, string, string]>([
  ['entities', '<p>&euro;&nbsp;5 &hellip; &copy; &#x1F600; &amp;lt;</p>', '€ 5 … © 😀 &lt;'],
  ['a link in single quotes', "<a href='https://x.example/a'>Go</a>", 'Go (https://x.example/a)'],
  [
    'a link around a bold text',
    '<a href="https://x.example/a"><b>Go</b> now</a>',
    'Go now (https://x.example/a)',
  ],
  [
    'a link around a picture',
    '<a href="https://x.example"><img src="l.png" alt="Shop"></a>',
    'Shop (https://x.example)',
  ],
  ['a link that is its own text', '<a href="https://x.example">https://x.example</a>', 'https://x.example'],
  ['a link without an address', '<a href="">here</a> <a href="#top">up</a>', 'here up'],
  [
    'a table of values',
    '<table><tr><th>Item</th><th>Price</th></tr><tr><td>Tea</td><td>4</td></tr></table>',
    'Item   Price\nTea    4',
  ],
  [
    'a table for layout',
    '<table role="presentation"><tr><td>Left</td><td>Right</td></tr></table>',
    'Left\n\nRight',
  ],
  [
    'a table around a table',
    '<table><tr><td><table><tr><td>A</td><td>B</td></tr></table></td><td>c</td></tr></table>',
    'A   B\n\nc',
  ],
  ['a heading', '<h1>Hi</h1><p>you</p>', 'Hi\n\nyou'],
  ['a list', '<ul><li>a</li><li>b</li></ul>', '- a\n- b'],
  ['hidden text', '<div style="display:none">x</div><div style="display: none">y</div><p>z</p>', 'z'],
  ['hidden text in other spellings', '<p hidden>x</p><div style="color:red;DISPLAY: None">y</div>z', 'z'],
  ['a list of terms', '<dl><dt>Order</dt><dd>o-1</dd><dt>Total</dt><dd>5</dd></dl>', 'Order\no-1\nTotal\n5'],
  ['a numbered list', '<ol><li>a</li><li>b</li></ol>', ' 1. a\n 2. b'],
  ['a link with spaces around its address', '<a href=" https://x.example ">Go</a>', 'Go (https://x.example)'],
  ['a comment, a script and a style', '<!-- a --><style>b{}</style><script>c</script><p>d</p>', 'd'],
])('%s', (_, html, text) => {
  expect(toPlainText(html)).toBe(text);
});
