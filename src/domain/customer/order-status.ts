import { foldWord, listWords } from '../values/word.ts';

/** What the events of an order say about the order as a whole. */
export type OrderState = 'paid' | 'refunded' | 'cancelled';

const PAID = listWords(`
  paid, fully paid, captured, payment received, payment accepted, completed, complete, processing, in progress,
  processed, confirmed, approved, accepted, ready to ship, packed, fulfilled, shipped, dispatched, in transit,
  out for delivery, delivered, picked up, collected, awaiting fulfillment, awaiting fulfilment, awaiting shipment,
  awaiting pickup,
  bezahlt, abgeschlossen, in Bearbeitung, bestätigt, versandt, versendet, verschickt, zugestellt, geliefert, ausgeliefert,
  payé, payée, terminé, terminée, confirmé, confirmée, expédié, expédiée, livré, livrée, pagado, pagada, completado,
  completada, confirmado, enviado, enviada, entregado, entregada, pagato, pagata, completato, confermato, spedito,
  spedita, consegnato, consegnata, betaald, voltooid, verzonden, bezorgd, geleverd, pago, concluído, entregue,
  opłacone, zrealizowane, wysłane, dostarczone`);

const REFUNDED = listWords(`
  refunded, fully refunded, refund completed, returned, fully returned, chargeback, charged back,
  erstattet, rückerstattet, zurückerstattet, retourniert, zurückgegeben, remboursé, remboursée, retourné, reembolsado,
  reembolsada, devuelto, devuelta, rimborsato, rimborsata, reso, terugbetaald, geretourneerd, devolvido, zwrócone`);

const CANCELLED = listWords(`
  cancelled, canceled, cancelled by customer, cancelled by merchant, cancelled by seller, voided, void, declined, rejected,
  annulled, deleted, trash, trashed,
  storniert, abgebrochen, abgelehnt, annuliert, annulliert, annulé, annulée, refusé, cancelado, cancelada, anulado,
  anulada, rechazado, annullato, annullata, rifiutato, geannuleerd, geweigerd, anulowane, anulowany`);

/** Words for what happens to an order and does not change what it is worth. */
const NEUTRAL = listWords(`
  new, open, created, placed, ordered, submitted, received, pending, pending payment, awaiting payment, unpaid, authorized,
  authorised, payment authorized, on hold, hold, holded, held, in review, under review, payment review, manual review,
  manual verification required, verification required, disputed, backordered, backorder, preordered, scheduled,
  partially paid, partially shipped, partially fulfilled, partially delivered, partially refunded, partial refund,
  partially returned, partially cancelled, partially canceled, partial, unfulfilled, unshipped, restocked, updated,
  changed, edited, modified, return requested, return in progress, refund requested, refund pending,
  cancellation requested, neu, offen, ausstehend, wartend, in Prüfung, teilweise bezahlt, teilweise versandt,
  teilweise geliefert, teilweise erstattet, nouveau, en attente, partiellement remboursé, nuevo, nueva, pendiente,
  en espera, parcialmente reembolsado, nuovo, in attesa, nieuw, in behandeling, novo, pendente, nowe, oczekujące`);

/**
 * What a shop's word says of an order as a whole. Null: the word is known and changes nothing, such as `partially
 * refunded`. Undefined: it is not known. `closed` is not: it is done in one shop and refunded in another.
 */
export function readOrderStatus(value: unknown): OrderState | null | undefined {
  const word = foldWord(value);
  if (PAID.has(word)) return 'paid';
  if (REFUNDED.has(word)) return 'refunded';
  if (CANCELLED.has(word)) return 'cancelled';
  return NEUTRAL.has(word) ? null : undefined;
}
