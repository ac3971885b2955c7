/** Of text, of large elements and of focus rings: WCAG 2.2, AA. */
const MIN_CONTRAST = 4.5;
/** Steps towards black or white in which a colour is tried. */
const STEP = 0.05;
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
/** The backgrounds of the pages. */
const LIGHT: Rgb = [255, 255, 255];
const DARK: Rgb = [22, 22, 22];

type Rgb = readonly [number, number, number];

/**
 * The style that puts a brand's colour in the place of the pages' own. Where the colour is too close to the background, it
 * is darkened on the light page and lightened on the dark one, until its contrast is 4.5:1.
 *
 * @param color `#rrggbb`
 */
export function buildBrandStyle(color: string): string {
  const rgb = readColor(color);
  const onLight = withContrast(rgb, LIGHT, BLACK);
  const onDark = withContrast(rgb, DARK, WHITE);
  return `:root{${declare(onLight)}}@media (prefers-color-scheme:dark){:root{${declare(onDark)}}}`;
}

function declare(accent: Rgb): string {
  const text = contrast(accent, WHITE) >= contrast(accent, BLACK) ? WHITE : BLACK;
  return `--accent:${formatColor(accent)};--on-accent:${formatColor(text)}`;
}

function withContrast(color: Rgb, background: Rgb, target: Rgb): Rgb {
  let mixed = color;
  for (let part = STEP; contrast(mixed, background) < MIN_CONTRAST && part <= 1; part += STEP)
    mixed = mix(color, target, part);
  return mixed;
}

function mix(color: Rgb, target: Rgb, part: number): Rgb {
  const at = (i: 0 | 1 | 2) => Math.round(color[i] + (target[i] - color[i]) * part);
  return [at(0), at(1), at(2)];
}

/** The contrast ratio of two colours, 1 to 21 (WCAG 2.2, *contrast ratio* and *relative luminance*). */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  const linear = (part: number) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

export function readColor(color: string): Rgb {
  const at = (start: number) => Number.parseInt(color.slice(start, start + 2), 16);
  return [at(1), at(3), at(5)];
}

function formatColor(color: Rgb): string {
  return `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
