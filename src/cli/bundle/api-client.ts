import { readDevFile } from '../../dev/dev-file.ts';
import { UserError } from '../../user-error.ts';

/** The API whose definitions a command reads and changes, and a key for it. */
export interface ApiTarget {
  url: string;
  apiKey: string;
}

/** The problem document of an answer that is not 2xx. */
export interface ErrorBody {
  title?: string;
  detail?: string;
  errors?: BundleProblem[];
}

/** One error or warning about a bundle. */
export interface BundleProblem {
  file?: string;
  path: string;
  line?: number;
  /** Set for an error. A warning has `message` instead. */
  detail?: string;
  message?: string;
}

/** Reads `THROUGHLINE_URL` and `THROUGHLINE_API_KEY`. Without them it uses the running `npm start`. */
export function readApiTarget(env: NodeJS.ProcessEnv = process.env): ApiTarget {
  const { THROUGHLINE_URL: url, THROUGHLINE_API_KEY: apiKey } = env;
  if (url && apiKey) return { url: url.replace(/\/$/, ''), apiKey };
  const dev = readDevFile();
  if (dev) return dev;
  throw new UserError('run npm start first, or set THROUGHLINE_URL and THROUGHLINE_API_KEY');
}

/** Calls the API. @throws UserError when no server answers, or its answer is not JSON. */
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
    throw new UserError(`no server answers at ${url}: run npm start, or set THROUGHLINE_URL`);
  });
  const parsed = await response.json().catch(() => {
    throw new UserError(`the server at ${url} is not Throughline: set THROUGHLINE_URL`);
  });
  if (response.ok) return { ok: true, body: parsed as T };
  return { ok: false, status: response.status, body: parsed as ErrorBody };
}

/** The reason for a refused call, in one line. */
export function describeRefusal({ body, status }: { body: ErrorBody; status: number }): string {
  return body.detail ?? body.title ?? String(status);
}

/** `{dir}/journeys/tips.yaml:12: steps[1].wait: what is wrong`. */
export function formatProblem(dir: string, { file, path, line, detail, message }: BundleProblem): string {
  const name = file === undefined ? '' : `${dir}/${file}${line === undefined ? '' : `:${line}`}`;
  const place = [name, path].filter((part) => part !== '');
  return [...place, detail ?? message ?? ''].join(': ');
}
