import { useState } from 'react';
import { type Answer, useApi } from '../api/use-api.ts';
import { Dialog } from '../components/dialog.tsx';
import { Empty } from '../components/empty.tsx';
import { Instant } from '../components/instant.tsx';
import { KeyValue } from '../components/key-value.tsx';
import { MessageFrame } from '../components/message-frame.tsx';
import { QueryState } from '../components/query-state.tsx';
import { SenderText } from '../components/sender-text.tsx';
import { Tabs } from '../components/tabs.tsx';
import { useMessages } from '../i18n/messages.ts';
import styles from './message-dialog.module.css';
import { messages } from './messages.ts';

interface Props {
  deliveryId: string;
  zone: string;
  onClose(): void;
}

/** A message as it was sent. */
export function MessageDialog({ deliveryId, zone, onClose }: Props) {
  const t = useMessages(messages);
  const content = useApi('get', '/v1/deliveries/{id}/content', { params: { path: { id: deliveryId } } });
  return (
    <Dialog open onClose={onClose} title={t.message} description={t.messageNote} shape="drawer">
      {content.error?.status === 404 ? (
        <Empty title={t.noContent} />
      ) : (
        <QueryState query={content}>{(message) => <SentMessage message={message} zone={zone} />}</QueryState>
      )}
    </Dialog>
  );
}

type Content = Answer<'get', '/v1/deliveries/{id}/content'>;

function SentMessage({ message, zone }: { message: Content; zone: string }) {
  const t = useMessages(messages);
  const [tab, setTab] = useState(message.html === null ? 'text' : 'html');
  const { subject, to, from, at, html, text } = message;
  const plain = (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus, so that keys can scroll it
    <pre className={styles.text} dir="auto" tabIndex={0}>
      {text}
    </pre>
  );
  return (
    <>
      <KeyValue
        items={[
          ...(subject === null
            ? []
            : [{ key: 'subject', label: t.subject, value: <SenderText text={subject} /> }]),
          { key: 'to', label: t.to, value: <SenderText text={to} /> },
          { key: 'from', label: t.sender, value: <SenderText text={`${from.name} ${from.email}`.trim()} /> },
          { key: 'at', label: t.sentAt, value: <Instant at={at} zone={zone} /> },
        ]}
      />
      {html === null ? (
        plain
      ) : (
        <Tabs
          label={t.message}
          value={tab}
          onChange={setTab}
          tabs={[
            {
              value: 'html',
              label: t.asHtml,
              content: <MessageFrame html={html} title={t.message} />,
            },
            { value: 'text', label: t.asText, content: plain },
          ]}
        />
      )}
    </>
  );
}
