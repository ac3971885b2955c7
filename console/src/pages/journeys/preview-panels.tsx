import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Problem } from '../../api/problem.ts';
import { Badge } from '../../components/badge.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { SourceFile } from '../../yaml/complete.ts';
import type { Draft } from './draft.ts';
import styles from './edit.module.css';
import { editMessages } from './edit-messages.ts';
import type { ShownProblem } from './editor/locate-problem.ts';
import { ImpactPanel } from './impact-panel.tsx';
import { MessagePanel } from './message-panel.tsx';
import { PicturePanel } from './picture-panel.tsx';
import { ProblemsPanel } from './problems-panel.tsx';
import { TextPanel } from './text-panel.tsx';
import type { ActiveBundle } from './use-editor-files.ts';
import type { Preview } from './use-preview.ts';

interface Props {
  active: ActiveBundle;
  files: SourceFile[];
  draft: Draft | null;
  /** The open file. */
  path: string | undefined;
  query: UseQueryResult<Preview, Problem>;
  isCurrent: boolean;
  problems: ShownProblem[];
  onGo(problem: ShownProblem): void;
}

/** What applying the changes would do: problems, impact, picture and text; and messages as they would be sent. */
export function PreviewPanels({ active, files, draft, path, query, isCurrent, problems, onGo }: Props) {
  const t = useMessages(editMessages);
  const [tab, setTab] = useState('problems');
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const preview = draft ? query.data : undefined;

  const whenChecked = (show: (preview: Preview) => ReactNode, needsOk = true) => {
    if (!draft) return <p className={styles.muted}>{t.unchanged}</p>;
    if (query.error) return <ErrorState problem={query.error} retry={() => void query.refetch()} />;
    if (!preview) return <Skeleton lines={5} />;
    if (needsOk && !preview.ok) return <p className={styles.muted}>{t.fixFirst}</p>;
    return show(preview);
  };
  const journey = /^journeys\/(.+)\.ya?ml$/.exec(path ?? '')?.[1];
  const action = /^content\/([^/]+)\//.exec(path ?? '')?.[1];
  const tabs = [
    {
      value: 'problems',
      label: (
        <>
          {t.tab_problems} {errors > 0 && <Badge tone="danger">{errors}</Badge>}
        </>
      ),
      content: whenChecked(() => <ProblemsPanel problems={problems} onGo={onGo} />, false),
    },
    {
      value: 'impact',
      label: t.tab_impact,
      content: whenChecked((data) => <ImpactPanel preview={data} />),
    },
    {
      value: 'picture',
      label: t.tab_picture,
      content: whenChecked((data) => <PicturePanel preview={data} wanted={journey} />),
    },
    { value: 'text', label: t.tab_text, content: <TextPanel active={active.files} draft={draft} /> },
    {
      value: 'message',
      label: t.tab_message,
      content: <MessagePanel key={action} files={files} isChanged={draft !== null} wanted={action} />,
    },
  ];
  return (
    <section className={styles.panels} aria-label={t.panels}>
      <Tabs label={t.panels} value={tab} onChange={setTab} tabs={tabs} />
      <p className={styles.checking} role="status">
        {draft && !isCurrent ? t.checking : ''}
      </p>
    </section>
  );
}
