import { useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { Alert } from '../../components/alert.tsx';
import { Button } from '../../components/button.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { Draft } from './draft.ts';
import styles from './edit.module.css';
import { editMessages } from './edit-messages.ts';
import { TextDiff } from './text-diff.tsx';
import type { ActiveBundle } from './use-editor-files.ts';

interface Props {
  active: ActiveBundle;
  draft: Draft;
  onRebase(): void;
}

/** Another version was applied since the changes began: shows what others changed, and goes on from there. */
export function ConflictNotice({ active, draft, onRebase }: Props) {
  const t = useMessages(editMessages);
  const [isOpen, setOpen] = useState(false);
  return (
    <Alert
      tone="warning"
      live
      title={t.conflict({ active: active.version, based: draft.basedOn })}
      action={
        <div className={styles.buttons}>
          <Button size="sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? t.hideCompare : t.compareBoth}
          </Button>
          <Button size="sm" kind="primary" onClick={onRebase}>
            {t.rebase}
          </Button>
        </div>
      }
    >
      <p>{t.conflictText}</p>
      {isOpen && <Theirs active={active} draft={draft} />}
    </Alert>
  );
}

/** What the versions in between have changed. */
function Theirs({ active, draft }: Pick<Props, 'active' | 'draft'>) {
  const t = useMessages(editMessages);
  const base = useApi('get', '/v1/config', {
    params: { query: { text: 'true', version: draft.basedOn } },
  });
  return (
    <QueryState query={base}>
      {({ files }) => {
        const before = new Map(files.map(({ path, text = '' }) => [path, text]));
        const after = new Map(active.files.map(({ path, text }) => [path, text]));
        const paths = [...new Set([...before.keys(), ...after.keys()])].filter(
          (path) => before.get(path) !== after.get(path),
        );
        const both = paths.filter((path) => Object.hasOwn(draft.changed, path));
        return (
          <div className={styles.panelStack}>
            {both.length > 0 && <p>{t.bothChanged({ files: both.join(', ') })}</p>}
            {paths.map((path) => (
              <div key={path}>
                <p className={styles.fileName}>{path}</p>
                <TextDiff
                  label={t.theirs({ file: path })}
                  before={before.get(path) ?? ''}
                  after={after.get(path) ?? ''}
                />
              </div>
            ))}
          </div>
        );
      }}
    </QueryState>
  );
}
