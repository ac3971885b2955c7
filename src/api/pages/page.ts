import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { html, Markup } from './html.ts';

/** A page for customers. */
export interface Page {
  /** Of its texts. */
  lang: string;
  title: string;
  body: Markup;
  /** Servers that its images come from; without it, it has none. */
  imageOrigins?: string[];
}

/** One column that fits a screen of 320 px; large targets; colours with a contrast above 7:1. */
const STYLE = `
*{box-sizing:border-box}
body{margin:0;background:#fff;color:#1c1c1c;font:1.0625rem/1.5 system-ui,sans-serif}
main{max-width:36rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}
h2{font-size:1.1875rem;margin:2rem 0 .5rem}
p,legend,label{overflow-wrap:anywhere}
fieldset{border:1px solid #6b6b6b;border-radius:.375rem;margin:0 0 .75rem;padding:.25rem .75rem .5rem;min-width:0}
legend{font-weight:600;padding:0 .25rem}
label{display:flex;gap:.625rem;align-items:flex-start;padding:.5rem 0;min-height:2.75rem}
input{width:1.25rem;height:1.25rem;margin:.125rem 0 0;flex:none}
button{font:inherit;font-weight:600;color:#fff;background:#174a8c;border:2px solid #174a8c;border-radius:.375rem;padding:.625rem 1rem;min-height:2.75rem;max-width:100%}
button.plain{color:#174a8c;background:#fff}
button.danger{background:#8c1717;border-color:#8c1717}
a{color:#174a8c}
:focus-visible{outline:3px solid #b35900;outline-offset:2px}
[role=status],[role=alert]{border-left:4px solid #174a8c;background:#eef3fa;padding:.625rem .75rem}
[role=alert]{border-color:#8c1717;background:#faeeee}
.products{list-style:none;margin:1rem 0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:1rem}
.products a{display:flex;flex-direction:column;gap:.25rem;height:100%;text-decoration:none;border:1px solid #6b6b6b;border-radius:.375rem;padding:.5rem;min-height:2.75rem}
.products img{width:100%;height:auto;aspect-ratio:4/3;object-fit:cover;border-radius:.25rem}
.name{font-weight:600;overflow-wrap:anywhere}
.note{font-size:.9375rem;color:#3d3d3d}
@media (prefers-color-scheme:dark){
:root{color-scheme:dark}
body{background:#161616;color:#f2f2f2}
a{color:#a9cbff}
button{background:#a9cbff;border-color:#a9cbff;color:#10192b}
button.plain{background:#161616;color:#a9cbff}
button.danger{background:#ffb3b3;border-color:#ffb3b3;color:#2b1010}
fieldset,.products a{border-color:#9a9a9a}
:focus-visible{outline-color:#ffc26b}
[role=status],[role=alert]{background:#1d2a40;border-color:#a9cbff}
[role=alert]{background:#3a1c1c;border-color:#ffb3b3}
.note{color:#d6d6d6}
}
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The policy allows the page's own style, its images and forms to this server. No script can run. */
function buildPolicy({ imageOrigins = [] }: Page): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    ...(imageOrigins.length > 0 ? [`img-src ${imageOrigins.join(' ')}`] : []),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The whole document. */
export function renderDocument({ lang, title, body }: Page): string {
  const style = new Markup(STYLE);
  return html`<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>${title}</title><style>${style}</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`
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
