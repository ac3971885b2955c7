import { readDevFile } from '../../dev/dev-file.ts';
import { UserError } from '../../user-error.ts';

/** Whose definitions a command reads and changes. */
export interface ApiTarget {
  url: string;
  apiKey: string;
}

/** Of an answer that says no. */
export interface ErrorBody {
  title?: string;
  detail?: string;
  errors?: BundleProblem[];
}

/** One thing wrong with a bundle. */
export interface BundleProblem {
  file?: string;
  path: string;
  /** Of an error; a warning has a message. */
  detail?: string;
  message?: string;
}

/** `THROUGHLINE_URL` and `THROUGHLINE_API_KEY`, else the running `npm start`. */
export function readApiTarget(env: NodeJS.ProcessEnv = process.env): ApiTarget {
  const { THROUGHLINE_URL: url, THROUGHLINE_API_KEY: apiKey } = env;
  if (url && apiKey) return { url: url.replace(/\/$/, ''), apiKey };
  const dev = readDevFile();
  if (dev) return dev;
  throw new UserError('run npm start first, or set THROUGHLINE_URL and THROUGHLINE_API_KEY');
}

/** Calls the API. @throws UserError when nothing answers there, or not as the API does. */
export async function callApi<T>(
  { url, apiKey }: ApiTarget,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<{ ok: true; body: T } | { ok: false; status: number; body: ErrorBody }> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new UserError(`nothing answers at ${url}: run npm start, or set THROUGHLINE_URL`);
  });
  const answer = await response.json().catch(() => {
    throw new UserError(`what answers at ${url} is no Throughline: set THROUGHLINE_URL`);
  });
  if (response.ok) return { ok: true, body: answer as T };
  return { ok: false, status: response.status, body: answer as ErrorBody };
}

/** Why a call was refused, in a line. */
export function describeRefusal({ body, status }: { body: ErrorBody; status: number }): string {
  return body.detail ?? body.title ?? String(status);
}

/** `{dir}/journeys/tips.yaml: steps[1].wait: what is wrong`. */
export function formatProblem(dir: string, { file, path, detail, message }: BundleProblem): string {
  const place = [file === undefined ? '' : `${dir}/${file}`, path].filter((part) => part !== '');
  return [...place, detail ?? message ?? ''].join(': ');
}
