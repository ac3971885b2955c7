import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { useCan } from '../../app/session.tsx';
import { Alert } from '../../components/alert.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Code } from '../../components/code.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './snippet-card.module.css';
import { keyKindOf, PLACEHOLDER, SNIPPETS, type Snippet, writeSnippet } from './snippets.ts';

/** Code that sends the first event, with a key that an operator creates here. It is kept in this page alone. */
export function SnippetCard() {
  const t = useMessages(messages);
  const [chosen, setChosen] = useState<Snippet>('curl');
  const [keys, setKeys] = useState<{ write?: string; browser?: string }>({});
  const create = useSend('post', '/v1/keys', { keeps: true });
  const mayCreate = useCan('operate');
  const kind = keyKindOf(chosen);
  const key = keys[kind];
  const createKey = () =>
    create.mutate(
      { body: { kind, label: t.keyLabel } },
      { onSuccess: (created) => setKeys((now) => ({ ...now, [kind]: created.key })) },
    );
  const content = (snippet: Snippet) => (
    <Code
      text={writeSnippet(snippet, window.location.origin, keys[keyKindOf(snippet)] ?? PLACEHOLDER)}
      what={t.snippetCode}
    />
  );
  return (
    <Card title={t.snippet} note={t.snippetNote}>
      <div className={styles.stack}>
        <Tabs
          label={t.snippetKinds}
          value={chosen}
          onChange={(value) => setChosen(value as Snippet)}
          tabs={SNIPPETS.map((value) => ({ value, label: t[`snippet_${value}`], content: content(value) }))}
        />
        {key ? (
          <Alert tone="success" live>
            {t.keyOnce}
          </Alert>
        ) : mayCreate ? (
          <Button icon={<KeyRound aria-hidden="true" />} busy={create.isPending} onClick={createKey}>
            {t[`createKey_${kind}`]}
          </Button>
        ) : (
          <p className={styles.note}>{t.keyByOperator}</p>
        )}
        {create.error && <ErrorState problem={create.error} retry={createKey} />}
      </div>
    </Card>
  );
}
