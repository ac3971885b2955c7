import { useMessages } from '../i18n/messages.ts';
import { Button } from './button.tsx';
import { messages } from './pager.messages.ts';
import styles from './pager.module.css';

interface Props {
  /** How many rows are shown. */
  shown: number;
  hasMore: boolean;
  busy?: boolean;
  onMore(): void;
}

/** Says how many rows of a list are shown, and loads the next ones. */
export function Pager({ shown, hasMore, busy = false, onMore }: Props) {
  const t = useMessages(messages);
  return (
    <div className={styles.pager}>
      <p role="status">{hasMore ? t.shown({ shown }) : t.all({ shown })}</p>
      {hasMore && (
        <Button size="sm" busy={busy} onClick={onMore}>
          {t.more}
        </Button>
      )}
    </div>
  );
}
