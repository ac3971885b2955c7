import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { writePrivateFile } from '../../dev/write-private-file.ts';
import { readSourcesFile } from '../../service/source-secrets.ts';
import type { ConfiguredSource } from '../../sources/source-secrets.ts';
import { UserError } from '../../user-error.ts';

/** Secrets that may be live at once: the new one, and the one before until the vendor uses the new one. */
const MOST_SECRETS = 2;

/** The sources of a file; none if there is no file. @throws UserError if it is wrong */
export function readSources(file: string): Record<string, ConfiguredSource> {
  if (!existsSync(file)) return {};
  try {
    return readSourcesFile(file);
  } catch (error) {
    throw new UserError(`${file}: ${(error as Error).message}`);
  }
}

/** The source with this secret as its newest one. The one before stays live. */
export function addSecret(
  existing: ConfiguredSource | undefined,
  workspace: string,
  secret: string,
): ConfiguredSource {
  const before =
    existing?.workspace === workspace ? existing.secrets.filter((other) => other !== secret) : [];
  return { workspace, secrets: [secret, ...before].slice(0, MOST_SECRETS) };
}

/** Writes the file atomically, readable by this user only. The API reads it again within a second. */
export function writeSources(file: string, sources: Record<string, ConfiguredSource>): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writePrivateFile(file, `${JSON.stringify(sources, null, 2)}\n`);
}
