import { readFileSync, statSync } from 'node:fs';
import type { Logger } from 'pino';
import type { ConfiguredSource, SourceSecrets } from '../sources/source-secrets.ts';
import { configuredSources } from '../sources/sources-setting.ts';
import type { RunningRole } from './service.ts';

const CHECK_EVERY_MS = 1_000;

export interface SourceSettings {
  /** `SOURCES`. */
  sources: Readonly<Record<string, ConfiguredSource>>;
  /** `SOURCES_FILE`; null: none. */
  sourcesFile: string | null;
}

/**
 * The secrets of the sources. The file is read again when it changes, so that a secret is changed without a restart. A
 * file that can't be read, or is wrong, changes nothing, and is logged without its content.
 */
export function watchSourceSecrets(
  { sources, sourcesFile }: SourceSettings,
  log: Logger,
): SourceSecrets & RunningRole {
  const fixed = new Map(Object.entries(sources));
  if (sourcesFile === null) return { find: (id) => fixed.get(id), stop: async () => {} };
  let fromFile = new Map<string, ConfiguredSource>();
  let lastState = '';
  const check = () => {
    const state = readState(sourcesFile);
    if (state === lastState) return;
    lastState = state;
    try {
      fromFile = new Map(Object.entries(readSourcesFile(sourcesFile)));
      log.info({ sources: [...fromFile.keys()] }, 'the file of sources was read');
    } catch (error) {
      const reason = (error as Error).message;
      log.warn({ file: sourcesFile }, `SOURCES_FILE: ${reason}; the sources stay as they were`);
    }
  };
  check();
  const timer = setInterval(check, CHECK_EVERY_MS).unref();
  return {
    find: (id) => fromFile.get(id) ?? fixed.get(id),
    async stop() {
      clearInterval(timer);
    },
  };
}

/**
 * Reads a file of sources.
 *
 * @throws Error with what is wrong, and never with a secret
 */
export function readSourcesFile(file: string): Record<string, ConfiguredSource> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(code === undefined ? 'is not JSON' : `cannot be read (${code})`);
  }
  const parsed = configuredSources.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

/** Differs if the file was written or replaced. */
function readState(file: string): string {
  try {
    const { ino, mtimeMs, size } = statSync(file);
    return `${ino} ${mtimeMs} ${size}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
}
