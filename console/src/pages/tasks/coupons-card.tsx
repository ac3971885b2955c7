import { useApi } from '../../api/use-api.ts';
import { Card } from '../../components/card.tsx';
import { Copy } from '../../components/copy.tsx';
import { useFormat, viewerZone } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import styles from './case-cards.module.css';
import { messages } from './messages.ts';

/** Coupons that the customer has and an order can redeem. Without one there is no card. */
export function CouponsCard({
  customerId,
  zone = viewerZone,
}: {
  customerId: string;
  zone: string | undefined;
}) {
  const t = useMessages(messages);
  const format = useFormat();
  const { data } = useApi('get', '/v1/customers/{ref}/coupons', { params: { path: { ref: customerId } } });
  const usable = data?.data.filter(({ state }) => state === 'issued') ?? [];
  if (usable.length === 0) return null;
  return (
    <Card title={t.coupon}>
      <ul className={styles.items}>
        {usable.map(({ code, percent, expiresAt }) => (
          <li key={code}>
            <span className={styles.line}>
              <code>{code}</code>
              <Copy text={code} what={code} />
            </span>
            <span className={styles.small}>
              {t.couponUntil({ percent: format.number(percent), date: format.date(expiresAt, zone) })}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
