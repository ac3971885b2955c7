import { type FormEvent, useMemo, useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { useCan } from '../../app/session.tsx';
import { Alert } from '../../components/alert.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import type { SourceFile } from '../../yaml/complete.ts';
import styles from './edit.module.css';
import { editMessages } from './edit-messages.ts';
import { listMessages, type MessageSource } from './list-messages.ts';
import { MessageView } from './message-view.tsx';

interface Props {
  files: SourceFile[];
  /** The files are changed, so that the message is that of the changed ones. */
  isChanged: boolean;
  /** The action whose file is open. */
  wanted: string | undefined;
}

/** Any message as a chosen customer would get it, with the changes that are not applied yet. */
export function MessagePanel({ files, isChanged, wanted }: Props) {
  const t = useMessages(editMessages);
  const actions = useMemo(() => listMessages(files), [files]);
  if (actions.length === 0) return <p className={styles.muted}>{t.noActions}</p>;
  return <MessageForm files={isChanged ? files : null} wanted={wanted} actions={actions} />;
}

interface FormProps {
  files: SourceFile[] | null;
  wanted: string | undefined;
  actions: MessageSource[];
}

function MessageForm({ files, wanted, actions }: FormProps) {
  const t = useMessages(editMessages);
  const names = useNames();
  const maySend = useCan('act');
  const first = actions.find(({ id }) => id === wanted) ?? actions[0];
  const [action, setAction] = useState(first?.id ?? '');
  const [channel, setChannel] = useState('');
  const [customer, setCustomer] = useState('');
  const [locale, setLocale] = useState('');
  const preview = useSend('post', '/v1/content/preview', { keeps: true });
  const channels = actions.find(({ id }) => id === action)?.channels ?? [];
  const request = {
    action,
    sample: {},
    ...(channel ? { channel } : {}),
    ...(customer.trim() ? { customer: customer.trim() } : {}),
    ...(locale.trim() ? { locale: locale.trim() } : {}),
    ...(files ? { files } : {}),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    preview.mutate({ body: request });
  };
  return (
    <div className={styles.panelStack}>
      <form className={styles.messageForm} onSubmit={submit}>
        <Select
          label={t.action}
          value={action}
          options={actions.map(({ id }) => ({ value: id, label: names.action(id) }))}
          onChange={(id) => {
            setAction(id);
            setChannel('');
          }}
        />
        {channels.length > 1 && (
          <Select
            label={t.channel}
            value={channel || (channels[0] ?? '')}
            options={channels.map((id) => ({ value: id, label: id }))}
            onChange={setChannel}
          />
        )}
        <TextInput
          label={t.customer}
          hint={t.customerHint}
          value={customer}
          placeholder="user:helen"
          onChange={(event) => setCustomer(event.target.value)}
        />
        <TextInput
          label={t.locale}
          hint={t.localeHint}
          value={locale}
          onChange={(event) => setLocale(event.target.value)}
        />
        <Button type="submit" kind="primary" busy={preview.isPending}>
          {t.show}
        </Button>
      </form>
      {preview.error && <ErrorState problem={preview.error} />}
      {preview.data && <MessageView message={preview.data} />}
      {preview.data?.channel === 'email' && maySend && <TestSend request={request} />}
    </div>
  );
}

interface TestRequest {
  action: string;
  sample: Record<string, never>;
  channel?: string;
  customer?: string;
  locale?: string;
  files?: SourceFile[];
}

function TestSend({ request }: { request: TestRequest }) {
  const t = useMessages(editMessages);
  const [to, setTo] = useState('');
  const send = useSend('post', '/v1/content/test-send', { keeps: true });
  return (
    <form
      className={styles.messageForm}
      aria-label={t.testSend}
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate({ body: { ...request, to: to.trim() } });
      }}
    >
      <TextInput
        label={`${t.testSend}: ${t.testTo}`}
        hint={t.testToHint}
        type="email"
        required
        value={to}
        onChange={(event) => setTo(event.target.value)}
      />
      <Button type="submit" busy={send.isPending}>
        {t.send}
      </Button>
      {send.error && <ErrorState problem={send.error} />}
      {send.data && (
        <Alert tone="success" live>
          {t.sent({ to: send.data.to })}
        </Alert>
      )}
    </form>
  );
}
