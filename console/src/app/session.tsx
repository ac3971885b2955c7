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

/** `expired` is a session that ended while the console was open: the page stays behind the login. */
export type SessionState =
  | { kind: 'loading' }
  | { kind: 'none'; expired: boolean }
  | { kind: 'failed'; problem: Problem }
  | { kind: 'open'; session: Session };

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
  const token = useRef<string | null>(null);
  token.current = state.kind === 'open' ? state.session.csrfToken : null;
  const client = useMemo(
    () =>
      createApiClient({
        csrfToken: () => token.current,
        onExpired: () => setState((now) => (now.kind === 'open' ? { kind: 'none', expired: true } : now)),
      }),
    [],
  );
  const reload = useCallback(async () => setState(await fetchSession()), []);
  const open = useCallback((session: Session) => setState({ kind: 'open', session }), []);
  const close = useCallback(() => setState({ kind: 'none', expired: false }), []);
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

async function fetchSession(): Promise<SessionState> {
  try {
    const response = await fetch('/v1/session', { credentials: 'same-origin' });
    const body: unknown = await response.json().catch(() => null);
    if (response.ok) return { kind: 'open', session: body as Session };
    if (response.status === 401) return { kind: 'none', expired: false };
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
  if (state.kind !== 'open') throw new Error('this page needs a session');
  return state.session;
}

/** Whether the user may use the operations of a scope, such as `act`; or one operation of it, such as `claimTask`. */
export function useCan(scope: string, operation?: string): boolean {
  const { scopes, operations } = useSession();
  return scopes.includes(scope) || (operation !== undefined && operations.includes(operation));
}
