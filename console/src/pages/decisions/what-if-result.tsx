import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Alert } from '../../components/alert.tsx';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { offerDraft } from '../../edit-draft/edit-draft.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import styles from './decisions.module.css';
import type { useWhatIf, WhatIf } from './use-what-if.ts';
import { messages } from './weights.messages.ts';
import { WhatIfChoices } from './what-if-choices.tsx';
import { WhatIfPeople } from './what-if-people.tsx';
import { WhatIfValue } from './what-if-value.tsx';

interface Props {
  run: ReturnType<typeof useWhatIf>;
  /** The version that the weights were changed from. */
  basedOn: number;
}

/** What a run has answered, and the run itself while it lasts. */
export function WhatIfResult({ run, basedOn }: Props) {
  const t = useMessages(messages);
  const { state, result, problem } = run;
  return (
    <div className={styles.parts} aria-busy={state === 'running' || undefined}>
      {state === 'running' && (
        <div className={styles.running} role="status">
          <Spinner label="" />
          <span>{t.running}</span>
          <Button size="sm" onClick={run.cancel}>
            {t.cancel}
          </Button>
        </div>
      )}
      {state === 'cancelled' && (
        <div className={styles.running} role="status">
          <span>{t.cancelled}</span>
          <Button size="sm" onClick={run.again}>
            {t.run}
          </Button>
        </div>
      )}
      {problem && <ErrorState problem={problem} retry={run.again} />}
      {state === 'idle' && <Empty title={t.unchanged} />}
      {result && <Answer result={result} basedOn={basedOn} isCurrent={state === 'done'} />}
    </div>
  );
}

function Answer({ result, basedOn, isCurrent }: { result: WhatIf; basedOn: number; isCurrent: boolean }) {
  const t = useMessages(messages);
  const { number } = useFormat();
  const { changed, replayed, customers, notReplayable } = result.decisions;
  const left = notReplayable.reduce((sum, { decisions }) => sum + decisions, 0);
  const counts = { changed: number(changed), replayed: number(replayed), customers: number(customers) };
  return (
    <div className={isCurrent ? styles.parts : styles.outdated}>
      <p role="status">
        <strong>
          {replayed === 0 ? t.noneReplayed : changed === 0 ? t.nothingChanges(counts) : t.summary(counts)}
        </strong>
        {left > 0 && <span className={styles.muted}>{t.left({ count: number(left) })}</span>}
      </p>
      {replayed > 0 && <WhatIfChoices actions={result.actions} />}
      {changed > 0 && <WhatIfPeople examples={result.gates.examples} />}
      <WhatIfValue value={result.value} />
      <CopyAsEdit files={result.changedFiles} basedOn={basedOn} disabled={!isCurrent} />
    </div>
  );
}

function CopyAsEdit({
  files,
  basedOn,
  disabled,
}: {
  files: WhatIf['changedFiles'];
  basedOn: number;
  disabled: boolean;
}) {
  const t = useMessages(messages);
  const navigate = useNavigate();
  const [isTooLarge, setTooLarge] = useState(false);
  const copy = () => {
    if (offerDraft({ basedOn, title: t.draftTitle, files })) void navigate({ to: '/journeys/edit' });
    else setTooLarge(true);
  };
  return (
    <div>
      <Button kind="primary" disabled={disabled || files.length === 0} onClick={copy}>
        {t.copyAsEdit}
      </Button>
      <span className={styles.muted}>{t.copyAsEditHint}</span>
      {isTooLarge && (
        <Alert tone="danger" live>
          {t.tooLarge}
        </Alert>
      )}
    </div>
  );
}
