import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { useMessages } from '../i18n/messages.ts';
import { IconButton } from './button.tsx';
import { messages } from './dialog.messages.ts';
import styles from './dialog.module.css';

interface Props {
  open: boolean;
  onClose(): void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  /** Buttons at the bottom. */
  footer?: ReactNode;
  /** `drawer` is at the side of the screen. */
  shape?: 'dialog' | 'wide' | 'drawer';
}

/** A dialog over the page. It holds the focus, and Escape closes it. */
export function Dialog({ open, onClose, title, description, children, footer, shape = 'dialog' }: Props) {
  const t = useMessages(messages);
  const opener = useRef<Element | null>(null);
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles.overlay} />
        <Radix.Content
          className={styles[shape]}
          onOpenAutoFocus={(event) => {
            opener.current = document.activeElement;
            focusField(event);
          }}
          // There is no trigger to go back to, also because keys open dialogs.
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus(opener.current);
          }}
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          <div className={styles.header}>
            <Radix.Title className={styles.title}>{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label={t.close} size="sm">
                <X aria-hidden="true" />
              </IconButton>
            </Radix.Close>
          </div>
          {description && <Radix.Description className={styles.description}>{description}</Radix.Description>}
          <div className={styles.body}>{children}</div>
          {footer && <div className={styles.footer}>{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Who opens a form begins to fill it in. Without a field, the first button has the focus. */
function focusField(event: Event): void {
  const content = event.currentTarget;
  const field = content instanceof Element ? content.querySelector('form input, form textarea') : null;
  if (!(field instanceof HTMLElement)) return;
  event.preventDefault();
  field.focus();
}

/** What opened the dialog may be gone, because of what was done in it. */
function returnFocus(opener: Element | null): void {
  const target = opener?.isConnected ? opener : document.querySelector('main');
  if (target instanceof HTMLElement) target.focus();
}
