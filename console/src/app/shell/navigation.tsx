import { Link } from '@tanstack/react-router';
import { Activity, ChartColumn, GitBranch, House, Inbox, Scale, Send, Users } from 'lucide-react';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './navigation.module.css';

const ENTRIES = [
  { to: '/', name: 'start', Icon: House },
  { to: '/customers', name: 'customers', Icon: Users },
  { to: '/journeys', name: 'journeys', Icon: GitBranch },
  { to: '/decisions', name: 'decisions', Icon: Scale },
  { to: '/actions', name: 'actions', Icon: Send },
  { to: '/tasks', name: 'tasks', Icon: Inbox },
  { to: '/reports/$report', params: { report: 'value' }, name: 'reports', Icon: ChartColumn },
  { to: '/operations', name: 'operations', Icon: Activity },
] as const;

/** The links to the areas of the console. */
export function Navigation({ onFollow }: { onFollow?: () => void }) {
  const t = useMessages(messages);
  return (
    <nav aria-label={t.main}>
      <ul className={styles.list}>
        {ENTRIES.map(({ name, Icon, ...target }) => (
          <li key={name}>
            <Link
              {...target}
              className={styles.link}
              activeOptions={{ exact: target.to === '/', includeSearch: false }}
              {...(onFollow ? { onClick: onFollow } : {})}
            >
              <Icon aria-hidden="true" />
              {t[name]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
