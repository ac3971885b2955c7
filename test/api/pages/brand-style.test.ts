import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { buildBrandStyle, contrast, readColor } from '../../../src/api/pages/brand-style.ts';

const WHITE = [255, 255, 255] as const;
const PAGE_AT_NIGHT = [22, 22, 22] as const;

function colorsOf(style: string) {
  const [light, lightText, dark, darkText] = [...style.matchAll(/#[0-9a-f]{6}/g)].map(([color]) => color);
  return { light, lightText, dark, darkText } as Record<string, string>;
}

test.each([
  // Reference values: WCAG's own examples, black on white and #777777 on white.
  [[0, 0, 0], WHITE, 21],
  [[119, 119, 119], WHITE, 4.48],
  [[255, 0, 0], WHITE, 4],
] as const)('the contrast of %j and %j is %d', (a, b, expected) => {
  expect(contrast(a, b)).toBeCloseTo(expected, 2);
  expect(contrast(b, a)).toBeCloseTo(expected, 2);
});

it('keeps a colour that is easy to read, and darkens or lightens one that is not', () => {
  expect(colorsOf(buildBrandStyle('#7a3e1d'))).toMatchObject({ light: '#7a3e1d', lightText: '#ffffff' });
  expect(colorsOf(buildBrandStyle('#ffe600')).light).not.toBe('#ffe600');
  expect(colorsOf(buildBrandStyle('#ffe600'))).toMatchObject({ dark: '#ffe600', darkText: '#000000' });
});

it('makes text on and beside any brand colour readable, in light and dark (WCAG 2.2, 1.4.3)', () => {
  const part = fc.integer({ min: 0, max: 255 }).map((value) => value.toString(16).padStart(2, '0'));
  fc.assert(
    fc.property(fc.tuple(part, part, part), (parts) => {
      const colors = colorsOf(buildBrandStyle(`#${parts.join('')}`));
      const rgb = (name: string) => readColor(colors[name] as string);
      expect(contrast(rgb('light'), WHITE)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(rgb('dark'), PAGE_AT_NIGHT)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(rgb('light'), rgb('lightText'))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(rgb('dark'), rgb('darkText'))).toBeGreaterThanOrEqual(4.5);
    }),
    { numRuns: 2_000 },
  );
});
