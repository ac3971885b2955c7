import { BundleReadError, readBundleDir } from '../definitions/load.ts';
import { readDevFile } from '../dev/dev-file.ts';
import { UserError } from '../user-error.ts';

interface Said {
  file: string;
  path: string;
  /** Of an error; a warning has a message. */
  detail?: string;
  message?: string;
}

interface Refused {
  errors?: Said[];
  title?: string;
}

/**
 * Sends a folder's bundle to the API, which activates or refuses it whole. Where: `THROUGHLINE_URL` and
 * `THROUGHLINE_API_KEY`, else the running `npm start`.
 */
export async function applyCommand(dir: string): Promise<void> {
  const files = await readBundleDir(dir).catch((error) => {
    throw error instanceof BundleReadError ? new UserError(error.message) : error;
  });
  const { url, apiKey } = await target();
  const response = await fetch(`${url}/v1/config`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ files }),
  }).catch(() => {
    throw new UserError(`nothing answers at ${url}: run npm start, or set THROUGHLINE_URL`);
  });
  const body = (await response.json()) as Refused & {
    version: number;
    changed: boolean;
    warnings: Said[];
  };
  if (!response.ok) {
    for (const said of body.errors ?? []) console.error(lineOf(dir, said));
    throw new UserError(`the bundle was refused (${body.title ?? response.status}); nothing was changed`);
  }
  for (const said of body.warnings ?? []) console.warn(`warning: ${lineOf(dir, said)}`);
  console.log(
    body.changed ? `version ${body.version} is active` : `version ${body.version} is active already`,
  );
}

async function target(): Promise<{ url: string; apiKey: string }> {
  const { THROUGHLINE_URL: url, THROUGHLINE_API_KEY: apiKey } = process.env;
  if (url && apiKey) return { url, apiKey };
  const dev = await readDevFile();
  if (dev) return dev;
  throw new UserError('run npm start first, or set THROUGHLINE_URL and THROUGHLINE_API_KEY');
}

function lineOf(dir: string, { file, path, detail, message }: Said): string {
  return `${dir}/${file}: ${path}: ${detail ?? message ?? ''}`;
}
