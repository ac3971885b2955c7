import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useApi } from '../../api/use-api.ts';
import { useCan } from '../../app/session.tsx';
import { Empty } from '../../components/empty.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { editMessages } from './edit-messages.ts';
import { EditorView } from './editor-view.tsx';
import { RollbackView } from './rollback-view.tsx';

const route = getRouteApi('/shell/journeys/edit');

/** Edits the definitions, or goes back to an earlier version. */
export function EditPage() {
  const t = useMessages(editMessages);
  const mayEdit = useCan('configure');
  const { rollback } = route.useSearch();
  const navigate = route.useNavigate();
  const version = Number(rollback);
  if (!mayEdit)
    return (
      <>
        <PageHeader title={t.title} />
        <Empty title={t.noConfigure} />
      </>
    );
  if (rollback !== undefined && Number.isSafeInteger(version) && version > 0)
    return <RollbackView version={version} onDone={() => void navigate({ search: {} })} />;
  return <Editor />;
}

function Editor() {
  const config = useApi('get', '/v1/config', { params: { query: { text: 'true' } } });
  const { data } = config;
  const active = useMemo(
    () => data && { version: data.version, files: data.files.map(({ path, text = '' }) => ({ path, text })) },
    [data],
  );
  return <QueryState query={config}>{() => active && <EditorView active={active} />}</QueryState>;
}
