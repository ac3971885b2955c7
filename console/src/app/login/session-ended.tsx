import { Dialog } from 'radix-ui';
import { useRef } from 'react';
import { Alert } from '../../components/alert.tsx';
import { Card } from '../../components/card.tsx';
import { useMessages } from '../../i18n/messages.ts';
import styles from './login.module.css';
import { LoginForm } from './login-form.tsx';
import { messages } from './messages.ts';
import { OneClick } from './one-click.tsx';
import { useLoginOptions } from './use-login-options.ts';

/** The login in front of a page whose session has ended. The page stays as it is, with all that was typed into it. */
export function SessionEnded() {
  const t = useMessages(messages);
  const options = useLoginOptions();
  const before = useRef<Element | null>(null);
  return (
    <Dialog.Root open>
      <Dialog.Portal>
        <Dialog.Overlay className={styles.cover} />
        <Dialog.Content
          className={styles.ended}
          onOpenAutoFocus={() => {
            before.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (before.current instanceof HTMLElement) before.current.focus();
          }}
          aria-describedby={undefined}
        >
          <Dialog.Title asChild>
            <h1>{t.title}</h1>
          </Dialog.Title>
          <Alert>{t.ended}</Alert>
          {options.data?.oneClick && <OneClick />}
          <Card>
            <LoginForm />
          </Card>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
