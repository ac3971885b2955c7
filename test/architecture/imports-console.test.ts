import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/paths.ts';
import { listFiles, readImports, resolveImport } from './import-graph.ts';

const SRC = 'console/src';
const FILES = listFiles(SRC);
/** What the console bundles of the service: pure, and free of Node. */
const BUNDLED = ['src/domain', 'src/sentences'];

/** The folder below `console/src` that a file is in: `pages/tasks`, `components`. */
function partOf(file: string): string {
  const [part = '', area = ''] = path.relative(SRC, file).split('/');
  return part === 'pages' ? `pages/${area}` : part;
}

/** Why a file of the console may not import another file, or null if it may. */
function findBreach(file: string, target: string): string | null {
  const breach = `${file} imports ${target}`;
  if (target.startsWith('node:')) return breach;
  if (!target.startsWith('.')) return null;
  const resolved = resolveImport(file, target);
  if (!resolved.startsWith(`${SRC}/`))
    return BUNDLED.some((folder) => resolved.startsWith(`${folder}/`)) ? null : breach;
  const [from, to] = [partOf(file), partOf(resolved)];
  if (from === to) return null;
  // The router loads pages, and reads their parts of the URL.
  if (to.startsWith('pages/')) return file === `${SRC}/app/router.tsx` ? null : breach;
  if (to === 'main.tsx' || (to === 'app' && resolved.includes('/app/shell/'))) return breach;
  return from === 'i18n' || from === 'format' ? (to === 'i18n' ? null : breach) : null;
}

test('pages import no other page, and from outside of the console only what it bundles', () => {
  expect(FILES.length).toBeGreaterThan(80);
  const breaches = FILES.flatMap((file) =>
    readImports(file).flatMap(({ target }) => findBreach(file, target) ?? []),
  );
  expect(breaches).toEqual([]);
});

test('imports across pages, of the service or of Node are refused: a control', () => {
  const page = `${SRC}/pages/tasks/tasks-page.tsx`;
  expect(findBreach(page, '../customers/customer-page.tsx')).not.toBeNull();
  expect(findBreach(page, '../../../../src/app/use-case-error.ts')).not.toBeNull();
  expect(findBreach(page, '../../app/shell/shell.tsx')).not.toBeNull();
  expect(findBreach(page, 'node:fs')).not.toBeNull();
  expect(findBreach(`${SRC}/components/card.tsx`, '../pages/start/start-page.tsx')).not.toBeNull();
  expect(findBreach(page, './task-row.tsx')).toBeNull();
  expect(findBreach(page, '../../../../src/sentences/message.ts')).toBeNull();
  expect(findBreach(`${SRC}/app/router.tsx`, '../pages/tasks/tasks-page.tsx')).toBeNull();
});

test('no text becomes HTML but in frames without scripts', () => {
  const banned =
    /dangerouslySetInnerHTML|\.(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|\beval\(/;
  const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
  expect(FILES.filter((file) => banned.test(read(file)))).toEqual([]);
  // The one frame for messages: it also leaves out the image that counts openings.
  const frames = FILES.filter((file) => /srcDoc|<iframe/.test(read(file)));
  expect(frames).toEqual(['console/src/components/message-frame.tsx']);
  expect(read(frames[0] as string)).toContain('sandbox=""');
});

/** Mails are written for white paper in every theme. */
const OWN_COLOURS = ['console/src/components/message-frame.module.css'];

test('styles name the colours of styles/tokens.css, so that both themes have each', () => {
  const styles = readdirSync(path.join(ROOT, SRC), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.module.css'))
    .map((file) => `${SRC}/${file}`);
  expect(styles.length).toBeGreaterThan(20);
  const colour = /#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch|light-dark)a?\(|:\s*(white|black|red|gr[ae]y)\b/i;
  const breaches = styles
    .filter((file) => !OWN_COLOURS.includes(file))
    .flatMap((file) =>
      readFileSync(path.join(ROOT, file), 'utf8')
        .split('\n')
        .filter((line) => colour.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(breaches).toEqual([]);
});
