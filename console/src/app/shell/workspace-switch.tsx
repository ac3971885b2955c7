import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useSession, useSessionAccess } from '../session.tsx';
import { switchWorkspace } from '../session-calls.ts';
import { messages } from './messages.ts';
import styles from './workspace-switch.module.css';

/** Which workspace is shown. Users of several change it here. */
export function WorkspaceSwitch() {
  const t = useMessages(messages);
  const session = useSession();
  const { open } = useSessionAccess();
  const navigate = useNavigate();
  if (session.workspaces.length < 2)
    return (
      <p className={styles.single}>
        <span className="visually-hidden">{t.workspace}: </span>
        {session.workspace}
      </p>
    );
  const change = async (workspace: string) => {
    const next = await switchWorkspace(session, workspace);
    open(next);
    await navigate({ to: '/' });
  };
  const trigger = (
    <Button className={styles.trigger}>
      <span className={styles.name}>
        <span className="visually-hidden">{t.workspace}: </span>
        {session.workspace}
      </span>
      <ChevronsUpDown aria-hidden="true" />
    </Button>
  );
  const items = session.workspaces.map((workspace) => ({
    label: workspace,
    checked: workspace === session.workspace,
    onSelect: () => void change(workspace),
  }));
  return <Menu trigger={trigger} align="start" groups={[{ label: t.workspace, items }]} />;
}
