import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Router } from 'express';
import { serveDocument } from './serve-document.ts';

const UI = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Throughline API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** A separate file: the content security policy allows no script in the page. */
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', deepLinking: true });\n`;

const FILES = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.map',
  'swagger-ui.css.map',
] as const;

/** The page that shows the document, and what it loads. */
export const DOCS_PATHS: readonly string[] = [
  '/docs',
  '/docs/start.js',
  ...FILES.map((file) => `/docs/${file}`),
];

/** The document and its reader, served without external resources: self-hosted systems are often offline. */
export function docsRoutes(openApi: Record<string, unknown>): Router {
  const router = Router();
  const document = Buffer.from(JSON.stringify(openApi));
  router.get(
    '/openapi.json',
    serveDocument(() => document, { type: 'json' }),
  );
  router.get(
    '/docs',
    serveDocument(() => Buffer.from(PAGE), { type: 'html' }),
  );
  router.get(
    '/docs/start.js',
    serveDocument(() => Buffer.from(START), { type: 'js' }),
  );
  for (const file of FILES) {
    const type = file.endsWith('.map') ? 'json' : path.extname(file).slice(1);
    router.get(
      `/docs/${file}`,
      serveDocument(() => readFile(path.join(UI, file)), { type, maxAge: 3_600 }),
    );
  }
  return router;
}
