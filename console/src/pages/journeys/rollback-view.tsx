import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { Alert } from '../../components/alert.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { Select } from '../../components/select.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import styles from './edit.module.css';
import { editMessages } from './edit-messages.ts';
import { summarizeImpact } from './impact.ts';
import { ImpactPanel } from './impact-panel.tsx';
import { PicturePanel } from './picture-panel.tsx';
import { type Preview, usePreview } from './use-preview.ts';

interface Props {
  version: number;
  onDone(version: number): void;
}

type Moves = Record<string, Record<string, string>>;

/** Goes back to an earlier version: what would change, as words and picture, and where customers go. */
export function RollbackView({ version, onDone }: Props) {
  const t = useMessages(editMessages);
  const format = useFormat();
  const [moved, setMoved] = useState<Moves>({});
  const [confirming, setConfirming] = useState(false);
  const previewed = useMemo(() => ({ version, moved }), [version, moved]);
  const { query, isCurrent } = usePreview(previewed);
  const send = useSend('post', '/v1/config/rollback');
  const preview = query.data;
  return (
    <>
      <PageHeader
        title={t.rollbackTitle({ version })}
        lead={t.rollbackLead}
        back={
          <Link to="/journeys/edit" search={{}}>
            {t.cancelRollback}
          </Link>
        }
        actions={
          <Button kind="primary" disabled={!preview?.ok || !isCurrent} onClick={() => setConfirming(true)}>
            {t.rollback}
          </Button>
        }
      />
      <QueryState query={query}>
        {(data) => (
          <div className={styles.panelStack}>
            <Destinations preview={data} version={version} moved={moved} onMove={setMoved} />
            {data.ok && (
              <>
                <Card title={t.tab_picture}>
                  <PicturePanel preview={data} wanted={undefined} />
                </Card>
                <Card title={t.tab_impact}>
                  <ImpactPanel preview={data} />
                </Card>
              </>
            )}
          </div>
        )}
      </QueryState>
      {confirming && preview && (
        <ConfirmDialog
          open
          onClose={() => setConfirming(false)}
          title={t.rollbackConfirm({ version })}
          description={t.applyText({
            edits: format.number(preview.edits.length, 0),
            customers: format.number(summarizeImpact(preview.affected).touched, 0),
          })}
          confirm={t.rollback}
          busy={send.isPending}
          problem={send.error}
          onConfirm={() =>
            send.mutate(
              { body: { version, moved, baseVersion: preview.baseVersion } },
              { onSuccess: (applied) => onDone(applied.version) },
            )
          }
        />
      )}
    </>
  );
}

interface DestinationProps {
  preview: Preview;
  version: number;
  moved: Moves;
  onMove(moved: Moves): void;
}

/** Asks where customers at a step go that the earlier version does not have. Other errors are shown as they are. */
function Destinations({ preview, version, moved, onMove }: DestinationProps) {
  const t = useMessages(editMessages);
  const names = useNames();
  const [asked, setAsked] = useState<string[]>([]);
  const missing = preview.errors.filter(({ file }) => file === 'moved').map(({ path }) => path);
  const paths = [...new Set([...asked, ...missing])];
  if (missing.some((path) => !asked.includes(path))) setAsked(paths);
  const others = preview.errors.filter(({ file }) => file !== 'moved');
  return (
    <>
      {others.map(({ path, detail }) => (
        <Alert key={`${path} ${detail}`} tone="danger" title={path}>
          {detail}
        </Alert>
      ))}
      {paths.map((path) => {
        const [journey = '', step = ''] = path.split('.');
        return (
          <Destination
            key={path}
            journey={journey}
            step={step}
            version={version}
            value={moved[journey]?.[step] ?? ''}
            onChange={(to) => onMove({ ...moved, [journey]: { ...moved[journey], [step]: to } })}
            label={t.moveTo({ step, journey: names.journey(journey) })}
          />
        );
      })}
    </>
  );
}

interface DestinationChoice {
  journey: string;
  step: string;
  version: number;
  value: string;
  label: string;
  onChange(to: string): void;
}

function Destination({ journey, version, value, label, onChange }: DestinationChoice) {
  const t = useMessages(editMessages);
  const target = useApi('get', '/v1/journeys/{id}', {
    params: { path: { id: journey }, query: { version } },
  });
  const steps = target.data?.definition.steps ?? [];
  return (
    <Alert tone="warning" live>
      <Select
        label={label}
        value={value}
        options={[
          { value: '', label: '–' },
          ...steps.map(({ id }) => ({ value: id, label: id })),
          { value: 'exit', label: t.leave },
        ]}
        onChange={onChange}
      />
    </Alert>
  );
}
