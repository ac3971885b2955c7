import { toProblem, unreachable } from '../api/problem.ts';
import type { Session } from './session.tsx';

/** Logs in. @throws Problem */
export const logIn = (login: string, password: string): Promise<Session> =>
  post<Session>('/v1/session', { login, password });

/** Logs in as the user of `npm start`, where that is allowed. @throws Problem */
export const logInWithOneClick = (): Promise<Session> => post<Session>('/v1/session/one-click', {});

/** How one may log in here. @throws Problem */
export async function fetchLoginOptions(): Promise<{ oneClick: boolean }> {
  const response = await fetch('/v1/session/options');
  if (!response.ok) throw toProblem(response.status, null);
  return (await response.json()) as { oneClick: boolean };
}

/** Goes on in another workspace of the user. @throws Problem */
export const switchWorkspace = ({ csrfToken }: Session, workspace: string): Promise<Session> =>
  post<Session>('/v1/session/workspace', { workspace }, csrfToken);

/** Ends the session. @throws Problem */
export const endSession = ({ csrfToken }: Session): Promise<unknown> =>
  post('/v1/session/end', {}, csrfToken);

/** These calls make the session, so that they can't use the client that needs one. */
async function post<T>(path: string, body: object, csrfToken?: string): Promise<T> {
  const headers = { 'Content-Type': 'application/json', ...(csrfToken ? { 'X-CSRF-Token': csrfToken } : {}) };
  const request = {
    method: 'POST',
    credentials: 'same-origin',
    headers,
    body: JSON.stringify(body),
  } as const;
  const response = await fetch(path, request).catch((error: unknown) => {
    throw unreachable(error);
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toProblem(response.status, answer);
  return answer as T;
}
