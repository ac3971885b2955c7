import { useMemo } from 'react';
import { Chart } from '../../components/chart/chart.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import styles from './decisions.module.css';
import type { WhatIf } from './use-what-if.ts';
import { messages } from './weights.messages.ts';

/** How often each action was chosen, and would be. */
export function WhatIfChoices({ actions }: { actions: WhatIf['actions'] }) {
  const t = useMessages(messages);
  const names = useNames();
  const data = useMemo(
    () => ({
      categories: actions.map(({ action }) => names.action(action)),
      series: [
        {
          id: 'before',
          name: t.before,
          values: actions.map((item) => item.chosenBefore),
          color: 'muted' as const,
        },
        { id: 'after', name: t.after, values: actions.map((item) => item.chosenAfter), color: 1 as const },
      ],
    }),
    [actions, names, t],
  );
  return (
    <div>
      <h3 className={styles.subtitle}>{t.choices}</h3>
      <Chart title={t.choices} axis={t.action} data={data} horizontal />
    </div>
  );
}
