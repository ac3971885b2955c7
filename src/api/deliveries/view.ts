import type { z } from 'zod';
import type { DeliveryView } from '../../../db/deliveries/read-deliveries.ts';
import type { ClaimRefusal } from '../../domain/candidate.ts';
import { type ReceiptTimes, readArrival, readStage } from '../../domain/receipt.ts';
import { iso } from '../../domain/time/time.ts';
import { readLocaleFallback } from '../../domain/values/locale.ts';
import { toIsoOrNull, toVerdictViews } from '../frame/format.ts';
import type { delivery } from './schema.ts';

/** A delivery as the API shows it. */
export function toDeliveryView(row: DeliveryView): z.infer<typeof delivery> {
  const { created: _cursor, verdict, receipts, ...rest } = row;
  return {
    ...rest,
    localeFallback: row.locale === null ? null : readLocaleFallback(row.requestedLocale, row.locale),
    state: row.state as z.infer<typeof delivery>['state'],
    at: iso(row.at),
    notAfter: iso(row.notAfter),
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    refusal: toRefusalView(verdict),
    receipts: toReceiptsView(receipts),
  };
}

function toReceiptsView(times: ReceiptTimes | null): z.infer<typeof delivery>['receipts'] {
  const stage = readStage(times ?? {});
  if (times === null || stage === null) return null;
  return {
    stage,
    deliveredAt: toIsoOrNull(readArrival(times)),
    openedAt: toIsoOrNull(times.opened ?? null),
    clickedAt: toIsoOrNull(times.clicked ?? null),
    openedAutomaticallyAt: toIsoOrNull(times.openedAutomatically ?? null),
    clickedAutomaticallyAt: toIsoOrNull(times.clickedAutomatically ?? null),
    bouncedAt: toIsoOrNull(times.bounced ?? null),
    bouncedPermanentlyAt: toIsoOrNull(times.bouncedPermanently ?? null),
    complainedAt: toIsoOrNull(times.complained ?? null),
    unsubscribedAt: toIsoOrNull(times.unsubscribed ?? null),
  };
}

function toRefusalView(verdict: ClaimRefusal | null): z.infer<typeof delivery>['refusal'] {
  if (verdict === null) return null;
  const { code, liftsAt, refusals } = verdict;
  return {
    code: code ?? null,
    liftsAt: toIsoOrNull(liftsAt),
    refusals: toVerdictViews(refusals ?? [], null),
  };
}
