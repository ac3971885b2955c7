import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { buildBrandStyle } from './brand-style.ts';
import { html, Markup } from './html.ts';

/** A page for customers. */
export interface Page {
  /** Of its texts. */
  lang: string;
  title: string;
  body: Markup;
  /** Null, or missing: a page of no brand. */
  brand?: PageBrand | null;
  /** Servers that its images come from; without it, it has none. */
  imageOrigins?: string[];
}

/** How the pages of a brand look. */
export interface PageBrand {
  name: string;
  /** `#rrggbb`; null: the pages' own. */
  color: string | null;
  /** An https address, or SVG text; null: the name is written. */
  logo: string | null;
}

/** One column that fits a screen of 320 px; large targets; colours with a contrast above 7:1, a brand's above 4.5:1. */
const STYLE = `
*{box-sizing:border-box}
:root{--page:#fff;--accent:#174a8c;--on-accent:#fff}
body{margin:0;background:var(--page);color:#1c1c1c;font:1.0625rem/1.5 system-ui,sans-serif}
header,main{max-width:36rem;margin:0 auto;padding:1rem}
header{padding-bottom:0;font-weight:600}
header img{display:block;height:2.5rem;max-width:60%;object-fit:contain;object-position:left}
h1{font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}
h2{font-size:1.1875rem;margin:2rem 0 .5rem}
p,legend,label{overflow-wrap:anywhere}
fieldset{border:1px solid #6b6b6b;border-radius:.375rem;margin:0 0 .75rem;padding:.25rem .75rem .5rem;min-width:0}
legend{font-weight:600;padding:0 .25rem}
label{display:flex;gap:.625rem;align-items:flex-start;padding:.5rem 0;min-height:2.75rem}
input{accent-color:var(--accent);width:1.25rem;height:1.25rem;margin:.125rem 0 0;flex:none}
button{font:inherit;font-weight:600;color:var(--on-accent);background:var(--accent);border:2px solid var(--accent);border-radius:.375rem;padding:.625rem 1rem;min-height:2.75rem;max-width:100%}
button.plain{color:var(--accent);background:var(--page)}
button.danger{color:#fff;background:#8c1717;border-color:#8c1717}
a{color:var(--accent)}
:focus-visible{outline:3px solid #b35900;outline-offset:2px}
[role=status],[role=alert]{border-left:4px solid var(--accent);background:#eef3fa;padding:.625rem .75rem}
[role=alert]{border-color:#8c1717;background:#faeeee}
.products{list-style:none;margin:1rem 0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:1rem}
.products a{display:flex;flex-direction:column;gap:.25rem;height:100%;text-decoration:none;border:1px solid #6b6b6b;border-radius:.375rem;padding:.5rem;min-height:2.75rem}
.products img{width:100%;height:auto;aspect-ratio:4/3;object-fit:cover;border-radius:.25rem}
.name{font-weight:600;overflow-wrap:anywhere}
.note{font-size:.9375rem;color:#3d3d3d}
form+details{margin-top:2rem}
details{border-top:1px solid #c4c4c4;padding:.25rem 0}
details:last-of-type{border-bottom:1px solid #c4c4c4}
summary{cursor:pointer;padding:.75rem 0;min-height:2.75rem}
summary h2{display:inline;margin:0;font-size:1.0625rem}
@media (prefers-color-scheme:dark){
:root{color-scheme:dark;--page:#161616;--accent:#a9cbff;--on-accent:#10192b}
body{color:#f2f2f2}
button.danger{background:#ffb3b3;border-color:#ffb3b3;color:#2b1010}
fieldset,.products a{border-color:#9a9a9a}
details,details:last-of-type{border-color:#4d4d4d}
:focus-visible{outline-color:#ffc26b}
[role=status],[role=alert]{background:#1d2a40}
[role=alert]{background:#3a1c1c;border-color:#ffb3b3}
.note{color:#d6d6d6}
}
`;

const hashStyle = (style: string) => createHash('sha256').update(style).digest('base64');

/** The policy allows the page's own style, its images and forms to this server. No script can run. */
function buildPolicy(page: Page): string {
  const images = new Set([...(page.imageOrigins ?? []), ...listLogoOrigins(page)]);
  return [
    "default-src 'none'",
    `style-src 'sha256-${hashStyle(buildStyle(page))}'`,
    ...(images.size > 0 ? [`img-src ${[...images].join(' ')}`] : []),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function buildStyle({ brand }: Page): string {
  return brand?.color ? `${STYLE}${buildBrandStyle(brand.color)}` : STYLE;
}

function listLogoOrigins({ brand }: Page): string[] {
  if (!brand?.logo) return [];
  return isDrawing(brand.logo) ? ['data:'] : [new URL(brand.logo).origin];
}

/** Whether a logo is SVG text. As an image it can neither run scripts nor load anything. */
function isDrawing(logo: string): boolean {
  return logo.startsWith('<svg');
}

function renderHeader(brand: PageBrand | null | undefined): Markup | null {
  if (!brand) return null;
  const { name, logo } = brand;
  if (logo === null) return html`<header>${name}</header>`;
  const source = isDrawing(logo) ? `data:image/svg+xml;base64,${Buffer.from(logo).toString('base64')}` : logo;
  return html`<header><img src="${source}" alt="${name}"></header>`;
}

/** The whole document. */
export function renderDocument(page: Page): string {
  const { lang, title, body, brand } = page;
  const style = new Markup(buildStyle(page));
  return html`<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>${title}</title><style>${style}</style></head><body>${renderHeader(brand)}<main><h1>${title}</h1>${body}</main></body></html>`
    .text;
}

/** Sends it. */
export function sendPage(res: Response, status: number, page: Page): void {
  setPrivateHeaders(res);
  res.setHeader('Content-Security-Policy', buildPolicy(page));
  res.status(status).type('text/html').send(renderDocument(page));
}

/** The address is a key to one message: no cache keeps the answer, and no site that is reached from it learns it. */
export function setPrivateHeaders(res: Response): void {
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.setHeader('X-Robots-Tag', 'noindex');
}
