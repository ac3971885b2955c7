import { useSend } from '../../api/use-api.ts';
import { useSession } from '../../app/session.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { SourceFile } from '../../yaml/complete.ts';
import type { Draft } from './draft.ts';
import styles from './edit.module.css';
import { editMessages } from './edit-messages.ts';
import { summarizeImpact } from './impact.ts';
import type { Preview } from './use-preview.ts';

interface Props {
  files: SourceFile[];
  draft: Draft;
  preview: Preview;
  onClose(): void;
  onApplied(version: number): void;
}

/** Asks before the files are applied: who does it, what changes, and for how many customers. */
export function ApplyDialog({ files, draft, preview, onClose, onApplied }: Props) {
  const t = useMessages(editMessages);
  const format = useFormat();
  const { user } = useSession();
  const apply = useSend('put', '/v1/config');
  const { touched } = summarizeImpact(preview.affected);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.applyTitle({ version: preview.baseVersion + 1 })}
      description={t.applyText({
        edits: format.number(preview.edits.length, 0),
        customers: format.number(touched, 0),
      })}
      confirm={t.apply}
      busy={apply.isPending}
      problem={apply.error}
      onConfirm={() =>
        apply.mutate(
          { body: { files, baseVersion: draft.basedOn } },
          { onSuccess: ({ version }) => onApplied(version) },
        )
      }
    >
      <p>{t.applyAs({ name: user.name })}</p>
      <div>
        <h3>{t.filesChanged}</h3>
        <ul className={styles.plain}>
          {Object.keys(draft.changed).map((path) => (
            <li key={path}>
              <code>{path}</code>
            </li>
          ))}
        </ul>
      </div>
    </ConfirmDialog>
  );
}
