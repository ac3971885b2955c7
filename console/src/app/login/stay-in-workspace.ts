import type { Session, SessionState } from '../session.tsx';
import { switchWorkspace } from '../session-calls.ts';

/** A login begins in the first workspace of a user. Whose session ended goes on in the one that is on the screen. */
export async function stayInWorkspace(next: Session, before: SessionState): Promise<Session> {
  if (before.kind !== 'ended') return next;
  const { user, workspace } = before.session;
  const mayStay = user.id === next.user.id && next.workspaces.includes(workspace);
  return mayStay && next.workspace !== workspace ? switchWorkspace(next, workspace) : next;
}
