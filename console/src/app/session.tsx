import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { ClientProvider, createApiClient } from '../api/client.ts';
import { Problem, toProblem, unreachable } from '../api/problem.ts';

type Role = 'viewer' | 'support' | 'agent' | 'marketer' | 'operator';

/** Who uses the console, and what they may do. */
export interface Session {
  user: { id: string; login: string; name: string };
  workspace: string;
  workspaces: string[];
  role: Role;
  scopes: string[];
  /** Single operations that the role permits besides those of its scopes, such as `claimTask`. */
  operations: string[];
  csrfToken: string;
  expiresAt: string;
  /** Of the workspace. */
  currency: string;
  timeZone: string;
}

/** `ended` is a session that ended while the console was open: its page stays, behind a login. */
export type SessionState =
  | { kind: 'loading' }
  | { kind: 'none' }
  | { kind: 'failed'; problem: Problem }
  | { kind: 'open' | 'ended'; session: Session };

interface SessionAccess {
  state: SessionState;
  /** Takes the session that a login or a change of workspace answered. */
  open(session: Session): void;
  /** Asks the API who this is. */
  reload(): Promise<void>;
  /** Forgets the session, after a logout. */
  close(): void;
}

const SessionContext = createContext<SessionAccess | null>(null);

/** Asks the API once who this is, and gives the pages below a client that acts as this user. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<SessionState>({ kind: 'loading' });
  const queries = useQueryClient();
  const token = useRef<string | null>(null);
  token.current = state.kind === 'open' ? state.session.csrfToken : null;
  const shown = useRef<Session | null>(null);
  shown.current = 'session' in state ? state.session : null;
  const client = useMemo(
    () =>
      createApiClient({
        csrfToken: () => token.current,
        onExpired: () => setState((now) => (now.kind === 'open' ? { ...now, kind: 'ended' } : now)),
      }),
    [],
  );
  const reload = useCallback(async () => setState(await fetchSession()), []);
  const open = useCallback(
    (session: Session) => {
      const isSame = shown.current !== null && viewOf(shown.current) === viewOf(session);
      // What the page has asked since the session ended was refused. Of another user or workspace nothing may stay.
      if (isSame) void queries.invalidateQueries();
      else queries.clear();
      setState({ kind: 'open', session });
    },
    [queries],
  );
  const close = useCallback(() => setState({ kind: 'none' }), []);
  useEffect(() => {
    reload().catch(() => {});
  }, [reload]);
  const access = useMemo(() => ({ state, open, reload, close }), [state, open, reload, close]);
  return (
    <SessionContext value={access}>
      <ClientProvider value={client}>{children}</ClientProvider>
    </SessionContext>
  );
}

/** Whose data is on the screen: pages of one user and workspace are never those of another. */
export const viewOf = ({ user, workspace }: Session): string => `${user.id} ${workspace}`;

async function fetchSession(): Promise<SessionState> {
  try {
    const response = await fetch('/v1/session', { credentials: 'same-origin' });
    const body: unknown = await response.json().catch(() => null);
    if (response.ok) return { kind: 'open', session: body as Session };
    if (response.status === 401) return { kind: 'none' };
    return { kind: 'failed', problem: toProblem(response.status, body) };
  } catch (error) {
    return { kind: 'failed', problem: error instanceof Problem ? error : unreachable(error) };
  }
}

/** The session and how to change it, for the login and the shell. */
export function useSessionAccess(): SessionAccess {
  const access = useContext(SessionContext);
  if (!access) throw new Error('there is no SessionProvider above this component');
  return access;
}

/** The session of a page that only users with one see. */
export function useSession(): Session {
  const { state } = useSessionAccess();
  if (state.kind !== 'open' && state.kind !== 'ended') throw new Error('this page needs a session');
  return state.session;
}

/** Whether the user may use the operations of a scope, such as `act`; or one operation of it, such as `claimTask`. */
export function useCan(scope: string, operation?: string): boolean {
  const { scopes, operations } = useSession();
  return scopes.includes(scope) || (operation !== undefined && operations.includes(operation));
}
