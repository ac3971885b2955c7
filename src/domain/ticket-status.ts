import { foldWord, listWords } from './values/word.ts';

export const TICKET_STATUSES = ['open', 'closed'] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];

/**
 * The words of help desks for tickets that somebody still works on, or waits for. A number is not among them: the `5`
 * of one desk is closed, that of another is merged or open.
 */
const OPEN = listWords(`
  open, opened, new, pending, hold, on hold, waiting, waiting on customer, waiting for customer, waiting on us,
  waiting on contact, waiting for support, waiting on third party, waiting for agent, waiting for reply, awaiting reply,
  awaiting customer, awaiting agent, awaiting approval, awaiting response, customer replied, customer responded,
  customer feedback, in progress, work in progress, working, active, assigned, unassigned, accepted, acknowledged,
  reopened, re-opened, reopen, escalated, submitted, stalled, snoozed, unresolved, unsolved, not solved, not resolved,
  not closed, triage, in triage, triaged, to do, todo, backlog, under review, in review, under investigation,
  investigating, processing, planned, scheduled, queued, started, received, paused, blocked, deferred,
  pending reminder, pending close, pending auto close, pending customer, pending agent, unread, overdue,
  offen, neu, geöffnet, wieder geöffnet, wiedereröffnet, in Bearbeitung, wartend, wartet, wartet auf Kunde,
  wartet auf Kunden, warten auf Kunde, warten auf Kunden, warten auf Rückmeldung, ausstehend, zurückgestellt, angehalten,
  zugewiesen, eskaliert, pausiert, ungelöst,
  ouvert, ouverte, nouveau, nouvelle, en cours, en attente, rouvert, réouvert, assigné, non résolu,
  abierto, abierta, nuevo, nueva, pendiente, en espera, en curso, en progreso, en proceso, reabierto, asignado,
  sin resolver,
  aperto, aperta, nuovo, nuova, in corso, in attesa, riaperto, in sospeso, in lavorazione, assegnato,
  nieuw, in behandeling, wachtend, in de wacht, heropend, in afwachting,
  aberto, aberta, novo, nova, pendente, em andamento, em espera, em aberto, aguardando, aguardando cliente, reaberto,
  otwarty, otwarte, nowy, nowe, oczekujący, oczekujące, w toku, w trakcie, wstrzymany,
  öppen, öppet, ny, nytt, pågående, väntar, väntande, åben, åbent, afventer, igangværende, åpen, åpent, pågår, venter,
  avoin, uusi, odottaa, käsittelyssä,
  otevřený, otevřeno, nový, čeká, čekající, probíhá, otvorený, nyitott, új, folyamatban, függőben,
  açık, yeni, beklemede, devam ediyor,
  открыт, открыта, открыто, открытый, новый, новая, новое, в работе, в ожидании, ожидание, ожидает, відкрито, новий,
  新規, オープン, 未対応, 対応中, 処理中, 保留, 保留中, 未解決, 打开, 开放, 新建, 处理中, 待处理, 进行中, 未解决, 열림, 신규,
  진행 중, 보류, 대기`);

/** Their words for tickets that are over: solved, given up, or gone in some other way. */
const CLOSED = listWords(`
  closed, close, solved, resolved, done, cancelled, canceled, complete, completed, finished, fixed, settled,
  auto closed, automatically closed, closed successful, closed unsuccessful, successfully closed, closed by merge,
  closed duplicate, closed resolved, closed unresolved, closed no response, closed by customer, closed by agent,
  closed by system, closed cancelled, closed canceled, closed completed, closed complete, closed incomplete, closed won,
  closed lost, closed spam, resolved by customer, resolved closed, solved closed, force closed, permanently closed,
  rejected, declined, refused, dismissed, denied, withdrawn, abandoned, discarded, ignored, void, voided, invalid,
  not an issue, no action needed, no action required, cannot reproduce, won't fix, wontfix, won't do, obsolete, expired,
  terminated, ended, merged, duplicate, duplicated, deleted, removed, trash, trashed, in trash, bin, archived, spam,
  junk, purged, verified,
  geschlossen, gelöst, erledigt, abgeschlossen, beendet, behoben, fertig, abgebrochen, storniert, abgelehnt, verworfen,
  zusammengeführt, zusammengefasst, gelöscht, archiviert, Duplikat, doppelt, zurückgezogen,
  erfolgreich geschlossen, erfolglos geschlossen,
  fermé, fermée, clos, close, clôturé, clôturée, résolu, résolue, terminé, terminée, annulé, annulée, fusionné,
  supprimé, archivé, rejeté, refusé, traité, abandonné,
  cerrado, cerrada, resuelto, resuelta, solucionado, solucionada, terminado, completado, finalizado, cancelado, anulado,
  rechazado, combinado, fusionado, eliminado, borrado, archivado, duplicado,
  chiuso, chiusa, risolto, risolta, completato, terminato, annullato, rifiutato, unito, eliminato, archiviato,
  gesloten, opgelost, afgehandeld, afgerond, voltooid, geannuleerd, geweigerd, samengevoegd, verwijderd, gearchiveerd,
  fechado, fechada, resolvido, resolvida, encerrado, encerrada, concluído, concluída, finalizado, mesclado, excluído,
  arquivado, rejeitado,
  zamknięty, zamknięte, rozwiązany, rozwiązane, zakończony, zakończone, anulowany, anulowane, odrzucony, scalony,
  usunięty,
  stängd, stängt, löst, avslutad, avslutat, klar, lukket, løst, afsluttet, avsluttet, ferdig, annulleret, avbrutt,
  suljettu, ratkaistu, valmis, peruttu,
  uzavřený, uzavřeno, vyřešeno, vyřešený, zrušeno, uzavretý, vyriešené, lezárt, lezárva, megoldva, törölve,
  kapalı, kapatıldı, çözüldü, çözümlendi, tamamlandı, iptal edildi, iptal,
  закрыт, закрыта, закрыто, закрытый, решен, решён, решена, решено, выполнено, выполнена, завершен, завершён, завершено,
  отменен, отменён, отменено, отклонен, отклонён, удален, удалён, закрито, вирішено,
  完了, 解決, 解決済み, 解決済, クローズ, 終了, 対応済み, 対応済, 已关闭, 关闭, 已解决, 解决, 完成, 已完成, 已取消, 已合并, 已删除,
  닫힘, 해결됨, 완료, 종료, 취소됨`);

/** A workspace's own words for the states of tickets, as `foldWord` writes them. */
export type StatusWords = Readonly<Record<string, TicketStatus>>;

/**
 * What a help desk's word says of a ticket.
 * @param own the workspace's own words; they go before the known ones
 * @returns undefined for a word that is not known
 */
export function readTicketStatus(value: unknown, own: StatusWords = {}): TicketStatus | undefined {
  const word = foldWord(value);
  if (word === '') return undefined;
  if (Object.hasOwn(own, word)) return own[word];
  if (OPEN.has(word)) return 'open';
  return CLOSED.has(word) ? 'closed' : undefined;
}
