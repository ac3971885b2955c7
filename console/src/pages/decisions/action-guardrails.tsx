import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './action.messages.ts';
import { type ActionDetail, nameHarm } from './action.ts';
import styles from './decisions.module.css';

type Reading = ActionDetail['guardrails'][number];
type Side = Reading['treated'];

const TONES = { pause: 'danger', clear: 'success', no_control: 'neutral' } as const;

/** Whether customers who got the action suffer more than the controls. */
export function ActionGuardrails({ action: { guardrails } }: { action: ActionDetail }) {
  const t = useMessages(messages);
  const { number } = useFormat();
  const words = { pause: t.pauseVerdict, clear: t.clear, no_control: t.noControl };
  const side = ({ customers, harmed }: Side) => t.of({ part: number(harmed), all: number(customers) });
  const columns: Column<Reading>[] = [
    { id: 'harm', header: t.harm, rowHeader: true, cell: ({ harm }) => nameHarm(harm, t) },
    {
      id: 'verdict',
      header: t.verdict,
      cell: ({ verdict }) => <Badge tone={TONES[verdict]}>{words[verdict]}</Badge>,
    },
    { id: 'treated', header: t.treated, number: true, cell: ({ treated }) => side(treated) },
    { id: 'control', header: t.control, number: true, cell: ({ control }) => side(control) },
    {
      id: 'ratio',
      header: t.ratio,
      number: true,
      cell: ({ ratio }) => (ratio === null ? '–' : number(ratio, 2)),
    },
    {
      id: 'p',
      header: t.p,
      number: true,
      cell: ({ p, alpha, verdict }) => (
        <>
          {verdict === 'no_control' ? '–' : number(p, 3)}
          <span className={styles.muted}>{t.limit({ alpha: number(alpha, 4) })}</span>
        </>
      ),
    },
  ];
  return (
    <Card title={t.guardrails} note={t.guardrailsNote} flush>
      <DataTable
        caption={t.guardrailsCaption}
        columns={columns}
        rows={guardrails}
        rowKey={({ harm }) => harm}
        empty={<Empty title={t.noGuardrails} />}
      />
    </Card>
  );
}
