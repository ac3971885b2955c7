import { CircleAlert, FilePlus, PencilLine } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { SourceFile } from '../../yaml/complete.ts';
import type { Draft } from './draft.ts';
import styles from './edit.module.css';
import { editMessages } from './edit-messages.ts';

interface Props {
  files: readonly SourceFile[];
  draft: Draft | null;
  faulty: ReadonlySet<string>;
  chosen: string | undefined;
  onChoose(path: string): void;
  onAdd(path: string): void;
}

const MANY = 40;

/** The files of the bundle by folder; those with changes or errors are marked. */
export function FileTree({ files, draft, faulty, chosen, onChoose, onAdd }: Props) {
  const t = useMessages(editMessages);
  const [filter, setFilter] = useState('');
  const removed = Object.entries(draft?.changed ?? {}).flatMap(([path, text]) =>
    text === null ? [path] : [],
  );
  const paths = [...files.map(({ path }) => path), ...removed].sort();
  const shown = paths.filter((path) => path.toLowerCase().includes(filter.toLowerCase()));
  const folders = [...new Set(shown.map(folderOf))];
  return (
    <nav className={styles.tree} aria-label={t.files}>
      {paths.length > MANY && (
        <TextInput
          label={t.filterFiles}
          hideLabel
          type="search"
          placeholder={t.filterFiles}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      )}
      {folders.map((folder) => (
        <div key={folder}>
          {folder !== '' && <p className={styles.folder}>{folder}</p>}
          <ul>
            {shown
              .filter((path) => folderOf(path) === folder)
              .map((path) => (
                <li key={path}>
                  <button
                    type="button"
                    className={styles.file}
                    aria-current={path === chosen || undefined}
                    data-removed={removed.includes(path) || undefined}
                    onClick={() => onChoose(path)}
                  >
                    <span>{path.slice(folder.length + (folder === '' ? 0 : 1))}</span>
                    {draft && Object.hasOwn(draft.changed, path) && (
                      <PencilLine size={13} role="img" aria-label={t.changed} />
                    )}
                    {faulty.has(path) && (
                      <CircleAlert size={13} role="img" aria-label={t.hasErrors} data-tone="danger" />
                    )}
                  </button>
                </li>
              ))}
          </ul>
        </div>
      ))}
      <AddFile existing={paths} onAdd={onAdd} />
    </nav>
  );
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function AddFile({ existing, onAdd }: { existing: string[]; onAdd(path: string): void }) {
  const t = useMessages(editMessages);
  const [open, setOpen] = useState(false);
  const [path, setPath] = useState('journeys/');
  if (!open)
    return (
      <Button
        kind="quiet"
        size="sm"
        icon={<FilePlus aria-hidden="true" size={14} />}
        onClick={() => setOpen(true)}
      >
        {t.newFile}
      </Button>
    );
  const name = path.trim();
  const isTaken = existing.includes(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isTaken || !/^[^/].*\.\w+$/.test(name)) return;
    onAdd(name);
    setOpen(false);
  };
  return (
    <form onSubmit={submit} className={styles.addFile}>
      <TextInput
        label={t.newFilePath}
        value={path}
        autoFocus
        error={isTaken ? t.fileExists : undefined}
        onChange={(event) => setPath(event.target.value)}
      />
      <Button type="submit" size="sm">
        {t.add}
      </Button>
    </form>
  );
}
