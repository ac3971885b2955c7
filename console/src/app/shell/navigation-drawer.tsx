import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { IconButton } from '../../components/button.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { Brand } from './brand.tsx';
import { messages } from './messages.ts';
import { Navigation } from './navigation.tsx';
import styles from './navigation-drawer.module.css';
import { WorkspaceSwitch } from './workspace-switch.tsx';

/** The navigation on a narrow screen. */
export function NavigationDrawer({ open, onClose }: { open: boolean; onClose(): void }) {
  const t = useMessages(messages);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles.overlay} />
        <Dialog.Content className={styles.drawer} aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">{t.main}</Dialog.Title>
          <div className={styles.top}>
            <Brand />
            <Dialog.Close asChild>
              <IconButton label={t.closeMenu}>
                <X aria-hidden="true" />
              </IconButton>
            </Dialog.Close>
          </div>
          <WorkspaceSwitch />
          <Navigation onFollow={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
