import { useState } from 'react';
import type { Answer } from '../../api/use-api.ts';
import { Alert } from '../../components/alert.tsx';
import { MessageFrame } from '../../components/message-frame.tsx';
import { SenderText } from '../../components/sender-text.tsx';
import { Toggle } from '../../components/toggle.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import styles from './edit.module.css';
import { editMessages } from './edit-messages.ts';

/** A message as a customer would get it: subject, HTML in a frame, text, and what to know about it. */
export function MessageView({ message }: { message: Answer<'post', '/v1/content/preview'> }) {
  const t = useMessages(editMessages);
  const names = useNames();
  const [width, setWidth] = useState<'phone' | 'desktop'>('phone');
  const { action, subject, html, text, segments, missing, warnings, locale, requestedLocale } = message;
  return (
    <article className={styles.panelStack} aria-label={t.message({ action: names.action(action) })}>
      {subject !== null && (
        <p>
          <span className={styles.muted}>{t.subject}: </span>
          <strong>
            <SenderText text={subject} />
          </strong>
        </p>
      )}
      {requestedLocale && requestedLocale !== locale && (
        <p className={styles.muted}>{t.shownLocale({ locale, wanted: requestedLocale })}</p>
      )}
      {missing.length > 0 && <Alert tone="warning">{t.missing({ paths: missing.join(', ') })}</Alert>}
      {warnings.map((warning) => (
        <Alert key={warning} tone="warning">
          <SenderText text={warning} />
        </Alert>
      ))}
      {html !== null && (
        <>
          <Toggle
            label={t.width}
            value={width}
            options={(['phone', 'desktop'] as const).map((name) => ({ value: name, label: t[name] }))}
            onChange={setWidth}
            className={styles.widths}
          />
          <div className={styles.frame} data-width={width}>
            <MessageFrame html={html} title={t.message({ action: names.action(action) })} />
          </div>
          <h3>{t.from}</h3>
        </>
      )}
      <pre className={styles.messageText} dir="auto">
        {text}
      </pre>
      {segments && (
        <p className={styles.muted}>
          {t.segments({ segments: segments.segments })}
          {segments.beyondGsm.length > 0 && ` · ${t.beyondGsm({ chars: segments.beyondGsm.join(' ') })}`}
        </p>
      )}
    </article>
  );
}
