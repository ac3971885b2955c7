import { Outlet } from '@tanstack/react-router';
import { Menu as MenuIcon } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../../components/button.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { Brand } from './brand.tsx';
import { messages } from './messages.ts';
import { Navigation } from './navigation.tsx';
import { NavigationDrawer } from './navigation-drawer.tsx';
import { ReachBanner } from './reach-banner.tsx';
import { RouteAnnouncer } from './route-announcer.tsx';
import styles from './shell.module.css';
import { UserMenu } from './user-menu.tsx';
import { WorkspaceSwitch } from './workspace-switch.tsx';

const CONTENT = 'content';

/** What surrounds every page: navigation, workspace, user. A narrow screen has the navigation in a drawer. */
export function Shell() {
  const t = useMessages(messages);
  const [drawer, setDrawer] = useState(false);
  return (
    <div className={styles.shell}>
      <a href={`#${CONTENT}`} className={styles.skip} onClick={focusContent}>
        {t.skip}
      </a>
      <aside className={styles.side}>
        <Brand />
        <WorkspaceSwitch />
        <Navigation />
        <div className={styles.rest} />
        <UserMenu />
      </aside>
      <header className={styles.bar}>
        <IconButton label={t.openMenu} onClick={() => setDrawer(true)}>
          <MenuIcon aria-hidden="true" />
        </IconButton>
        <Brand />
        <UserMenu short />
      </header>
      <RouteAnnouncer />
      <NavigationDrawer open={drawer} onClose={() => setDrawer(false)} />
      <main id={CONTENT} tabIndex={-1} className={styles.main}>
        <ReachBanner />
        <div className={styles.page}>
          <Outlet />
        </div>
      </main>
    </div>
  );
}

/** The URL stays as it is: the fragment is no part of a page's address here. */
function focusContent(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById(CONTENT)?.focus();
}
