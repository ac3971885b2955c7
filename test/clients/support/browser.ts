import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import express from 'express';
import { launch } from 'puppeteer-core';
import type { TestContext } from 'vitest';
import { findClientDir } from './programs.ts';
import type { ClientService } from './service.ts';
import type { Story } from './story.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const require = createRequire(import.meta.url);

/** Skips the test, with a line that names the reason, unless Chromium is on the machine. Returns its name. */
export function needChromium(context: TestContext): string {
  const name = NAMES.find((command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0);
  if (name) return name;
  const reason = `skipped: none of ${NAMES.join(', ')} is on this machine`;
  console.warn(`${context.task.name}: ${reason}`);
  return context.skip(reason);
}

export interface Page {
  /** The library's file for a script element, as an import names it. */
  library: string;
  /** The file in `test/clients/browser` that calls the library. */
  script: string;
  /** Options of the library. */
  options?: object;
}

/**
 * Opens a page of another origin than the service, as a shop's page is. It runs the script's `tell(story)` and stays
 * open until `whileOpen` ends.
 */
export async function openPage(
  chromium: string,
  service: ClientService,
  { library, script, options = {} }: Page,
  story: Story,
  whileOpen: () => Promise<void>,
): Promise<void> {
  const site = await serveSite(library, script);
  const browser = await launch({
    executablePath: chromium.includes('/') ? chromium : findInPath(chromium),
    // Chromium's sandbox does not run under root, as which most containers run.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const errors: string[] = [];
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(site.url);
    const { url, writeKey } = service;
    await page.evaluate(`tell(${JSON.stringify({ ...story, url, writeKey, options })})`);
    await whileOpen();
  } catch (error) {
    throw new Error(`the page failed; its errors: ${errors.join('; ') || 'none'}`, { cause: error });
  } finally {
    await browser.close();
    site.stop();
  }
}

async function serveSite(library: string, script: string): Promise<{ url: string; stop(): void }> {
  const file = require.resolve(library);
  const app = express();
  app.get('/', (_req, res) => {
    res.send(`<!doctype html><title>Shop</title>
      <script src="/library/${path.basename(file)}"></script><script src="/scripts/${script}"></script>`);
  });
  app.get('/favicon.ico', (_req, res) => {
    res.status(204).end();
  });
  app.use('/library', express.static(path.dirname(file)));
  app.use('/scripts', express.static(findClientDir('browser')));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function findInPath(name: string): string {
  const { stdout } = spawnSync('which', [name], { encoding: 'utf8' });
  return stdout.trim();
}
