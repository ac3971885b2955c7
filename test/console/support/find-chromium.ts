import { existsSync } from 'node:fs';
import process from 'node:process';

export const CHROMIUM_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The machine's Chromium: `CHROMIUM_PATH`, or where its packages put it. */
export const findChromium = (): string | undefined =>
  process.env.CHROMIUM_PATH || CHROMIUM_PLACES.find(existsSync);
