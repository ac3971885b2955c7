import { useQueryClient } from '@tanstack/react-query';
import { BookOpen, CircleUserRound, LogOut } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { setLanguage, useLanguage } from '../../i18n/language.ts';
import { LANGUAGES } from '../../i18n/languages.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useSession, useSessionAccess } from '../session.tsx';
import { endSession } from '../session-calls.ts';
import { setTheme, THEMES, useTheme } from '../theme.ts';
import { messages } from './messages.ts';
import styles from './user-menu.module.css';

/** Who is logged in, and what they choose for themselves: language, appearance, logout. */
export function UserMenu({ short = false }: { short?: boolean }) {
  const t = useMessages(messages);
  const session = useSession();
  const { close, reload } = useSessionAccess();
  const queries = useQueryClient();
  const language = useLanguage();
  const theme = useTheme();
  const logOut = async () => {
    try {
      await endSession(session);
      close();
    } catch {
      // The session may still be open: the API says whether it is.
      await reload();
    }
    queries.clear();
  };
  const name = session.user.name || session.user.login;
  const trigger = (
    <Button kind="quiet" className={short ? undefined : styles.trigger} aria-label={`${t.account}: ${name}`}>
      <CircleUserRound aria-hidden="true" />
      {!short && <span className={styles.name}>{name}</span>}
    </Button>
  );
  const groups = [
    {
      label: `${name} · ${t.role({ role: session.role })}`,
      items: [
        {
          label: t.docs,
          icon: <BookOpen />,
          onSelect: () => void window.open('/docs', '_blank', 'noopener'),
        },
      ],
    },
    {
      label: t.theme,
      items: THEMES.map((choice) => ({
        label: t[`theme_${choice}`],
        checked: choice === theme,
        onSelect: () => setTheme(choice),
      })),
    },
    {
      label: t.language,
      items: LANGUAGES.map((choice) => ({
        label: t[choice],
        checked: choice === language,
        onSelect: () => setLanguage(choice),
      })),
    },
    { items: [{ label: t.logOut, icon: <LogOut />, onSelect: () => void logOut() }] },
  ];
  return <Menu trigger={trigger} align={short ? 'end' : 'start'} groups={groups} />;
}
