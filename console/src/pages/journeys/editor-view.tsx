import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { Alert } from '../../components/alert.tsx';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Empty } from '../../components/empty.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { JsonSchema } from '../../yaml/schema.ts';
import { ApplyDialog } from './apply-dialog.tsx';
import { ConflictNotice } from './conflict-notice.tsx';
import styles from './edit.module.css';
import { editMessages } from './edit-messages.ts';
import type { ShownProblem } from './editor/locate-problem.ts';
import { FileTree } from './file-tree.tsx';
import { findFile } from './find-file.ts';
import { PreviewPanels } from './preview-panels.tsx';
import { type ActiveBundle, type EditorFiles, useEditorFiles } from './use-editor-files.ts';
import { type Preview, usePreview } from './use-preview.ts';

const route = getRouteApi('/shell/journeys/edit');
const CodeEditor = lazy(() =>
  import('./editor/code-editor.tsx').then((module) => ({ default: module.CodeEditor })),
);

/** The files of the bundle, an editor, and what applying would do. */
export function EditorView({ active }: { active: ActiveBundle }) {
  const t = useMessages(editMessages);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const editor = useEditorFiles(active);
  const { files, draft } = editor;
  const schema = useApi('get', '/v1/schema/bundle.json', {}).data as JsonSchema | undefined;
  // An unchanged bundle is not checked: it is the one that is active.
  const previewed = useMemo(() => (draft ? { files } : null), [draft, files]);
  const { query, isCurrent } = usePreview(previewed);
  const preview = draft ? query.data : undefined;
  const problems = useMemo(() => listProblems(preview), [preview]);
  const [target, setTarget] = useState<{ line: number; n: number } | null>(null);
  const [dialog, setDialog] = useState<'apply' | 'drop' | null>(null);
  const [applied, setApplied] = useState<number | null>(null);
  const path = findFile(files, draft, search);
  const isConflict = draft !== null && draft.basedOn !== active.version;
  useUnloadGuard(draft !== null);

  const choose = (file: string) => void navigate({ search: { file }, resetScroll: false });
  const go = ({ file, line }: ShownProblem) => {
    choose(file);
    setTarget((now) => ({ line: line ?? 1, n: (now?.n ?? 0) + 1 }));
  };
  return (
    <>
      <PageHeader
        title={t.title}
        lead={t.lead({ version: active.version })}
        back={<Link to="/journeys">{t.back}</Link>}
        actions={
          <>
            <Button disabled={!draft} onClick={() => setDialog('drop')}>
              {t.drop}
            </Button>
            <Button
              kind="primary"
              disabled={!preview?.ok || !isCurrent || isConflict}
              onClick={() => setDialog('apply')}
            >
              {t.apply}
            </Button>
          </>
        }
      />
      <div className={styles.notices}>
        {applied !== null && !draft && (
          <Alert tone="success" live>
            {t.applied({ version: applied })}
          </Alert>
        )}
        {editor.isUnkept && <Alert tone="warning">{t.unkept}</Alert>}
        {isConflict && <ConflictNotice active={active} draft={draft} onRebase={editor.rebase} />}
      </div>
      <div className={styles.layout}>
        <FileTree
          files={files}
          draft={draft}
          faulty={new Set(problems.flatMap(({ severity, file }) => (severity === 'error' ? [file] : [])))}
          chosen={path}
          onChoose={choose}
          onAdd={(added) => {
            editor.change(added, '');
            choose(added);
          }}
        />
        <File editor={editor} path={path} problems={problems} schema={schema} target={target} />
        <PreviewPanels
          active={active}
          files={files}
          draft={draft}
          path={path}
          query={query}
          isCurrent={isCurrent}
          problems={problems}
          onGo={go}
        />
      </div>
      {dialog === 'apply' && draft && preview && (
        <ApplyDialog
          files={files}
          draft={draft}
          preview={preview}
          onClose={() => setDialog(null)}
          onApplied={(version) => {
            editor.drop();
            setApplied(version);
            setDialog(null);
          }}
        />
      )}
      <ConfirmDialog
        open={dialog === 'drop'}
        onClose={() => setDialog(null)}
        title={t.dropTitle}
        description={t.dropText}
        confirm={t.drop}
        danger
        onConfirm={() => {
          editor.drop();
          setDialog(null);
        }}
      />
    </>
  );
}

interface FileProps {
  editor: EditorFiles;
  path: string | undefined;
  problems: ShownProblem[];
  schema: JsonSchema | undefined;
  target: { line: number; n: number } | null;
}

function File({ editor, path, problems, schema, target }: FileProps) {
  const t = useMessages(editMessages);
  const { files, draft } = editor;
  const own = useMemo(() => problems.filter(({ file }) => file === path), [problems, path]);
  if (path === undefined) return <Empty title={t.noFile} />;
  const text = files.find((file) => file.path === path)?.text;
  return (
    <section className={styles.fileView} aria-label={path}>
      <div className={styles.fileBar}>
        <h2 className={styles.fileName}>{path}</h2>
        {draft && Object.hasOwn(draft.changed, path) && (
          <Button size="sm" kind="quiet" onClick={() => editor.drop(path)}>
            {t.restore}
          </Button>
        )}
        {text !== undefined && path !== 'workspace.yaml' && (
          <Button size="sm" kind="quiet" onClick={() => editor.change(path, null)}>
            {t.removeFile}
          </Button>
        )}
      </div>
      {text === undefined ? (
        <Empty title={t.removedText} />
      ) : (
        <Suspense fallback={<Skeleton height={420} />}>
          <CodeEditor
            key={path}
            label={t.editor({ file: path })}
            path={path}
            text={text}
            problems={own}
            schema={schema}
            files={files}
            target={target}
            onChange={(next) => editor.change(path, next)}
          />
        </Suspense>
      )}
      <p className={styles.keys}>{t.keys}</p>
    </section>
  );
}

function listProblems(preview: Preview | undefined): ShownProblem[] {
  if (!preview) return [];
  return [
    ...preview.errors.map(({ file, path, line, detail }) => {
      return { file, path, line, message: detail, severity: 'error' as const };
    }),
    ...preview.warnings.map(({ file, path, line, message }) => {
      return { file, path, line, message, severity: 'warning' as const };
    }),
  ];
}

/** Asks before the tab is closed with changes that are not applied. */
function useUnloadGuard(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    const guard = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', guard);
    return () => window.removeEventListener('beforeunload', guard);
  }, [isOn]);
}
