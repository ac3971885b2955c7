import { useMessages } from '../../i18n/messages.ts';
import type { SourceFile } from '../../yaml/complete.ts';
import type { Draft } from './draft.ts';
import styles from './edit.module.css';
import { editMessages } from './edit-messages.ts';
import { TextDiff } from './text-diff.tsx';

/** What differs in the text of each changed file. */
export function TextPanel({ active, draft }: { active: readonly SourceFile[]; draft: Draft | null }) {
  const t = useMessages(editMessages);
  const texts = new Map(active.map(({ path, text }) => [path, text]));
  const changed = Object.entries(draft?.changed ?? {});
  if (changed.length === 0) return <p className={styles.muted}>{t.noText}</p>;
  return (
    <div className={styles.panelStack}>
      {changed.map(([path, text]) => (
        <div key={path}>
          <h3 className={styles.fileName}>{path}</h3>
          <TextDiff label={t.textOf({ file: path })} before={texts.get(path) ?? ''} after={text ?? ''} />
        </div>
      ))}
    </div>
  );
}
