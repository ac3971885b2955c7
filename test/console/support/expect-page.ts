import { mkdirSync } from 'node:fs';
import path from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

// Menus and tooltips are at the end of the page, outside of its landmarks.
/** Expects that no rule of WCAG 2.2 A and AA, as far as a program can check it, is broken. */
export async function expectAccessible(page: Page): Promise<void> {
  // While a colour changes over some frames, it has a contrast that nobody reads.
  await page.evaluate(
    'Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {})))',
  );
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], rules: { region: { enabled: false } } })`,
  )) as AxeResults;
  expect(
    violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    ),
  ).toEqual([]);
}

/** Expects that a screen of 390 px needs no sideways scrolling. The page keeps this size. */
export async function expectNoSidewaysScroll(page: Page, width = 390): Promise<void> {
  await page.setViewportSize({ width, height: 844 });
  await page.waitForTimeout(100);
  expect(await page.evaluate(listBeyond(width))).toEqual([]);
}

/** Runs in the page: the elements that reach beyond the screen, if the page can be scrolled sideways. */
const listBeyond = (width: number) => `
  document.documentElement.scrollWidth <= ${width} ? [] :
    [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > ${width} + 1)
      .map((element) => element.tagName + ' ' + element.className + ': ' + element.textContent.slice(0, 40))
      .slice(-5)`;

/** Takes a picture of the whole page into /tmp/shots, to look at. @param name `area/name` */
export async function screenshot(page: Page, name: string): Promise<string> {
  const file = path.join('/tmp/shots', `${name}.png`);
  mkdirSync(path.dirname(file), { recursive: true });
  // Hiding the caret would need a style that the content security policy refuses.
  await page.screenshot({ path: file, fullPage: true, caret: 'initial' });
  return file;
}
