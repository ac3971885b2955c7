import { listLocales } from '../../domain/values/locale.ts';

/** What customers read, in plain words. `{…}` is put in by who uses the text. */
const en = {
  unknownTitle: 'Unknown link',
  unknown: 'This link is not valid. Was all of it copied?',
  busyTitle: 'One moment, please',
  busy: 'That was a little fast. Please try again in a few seconds.',
  erasedTitle: 'Your data has been deleted',
  erased: 'We hold nothing about you any more that we could show or change here.',
  unsubscribeTitle: 'Unsubscribe',
  unsubscribeTopic: 'You will get no more of these: {topic}, by {channel}.',
  unsubscribeChannel: 'You will get no more marketing by {channel}.',
  unsubscribeButton: 'Unsubscribe',
  unsubscribeAll: 'Stop all marketing from {brand}, in every way',
  unsubscribedTitle: 'Unsubscribed',
  unsubscribedTopic: 'Done: you will get no more of these: {topic}, by {channel}.',
  unsubscribedChannel: 'Done: you will get no more marketing by {channel}.',
  unsubscribedAll: 'Done: you will get no more marketing from {brand}.',
  more: 'Choose what you get',
  title: 'Your messages from {brand}',
  intro:
    'Choose what you want to hear about, and how. It applies at once. Messages about your orders and questions always reach you.',
  about: 'For {address}',
  saved: 'Saved. It applies from now on.',
  failedTitle: 'That did not work',
  failed: 'That did not work, and nothing was changed. Please try again.',
  topicsTitle: 'What you get',
  allTopics: 'News and offers',
  save: 'Save',
  snoozeTitle: 'A break',
  snoozeFor: 'No marketing for',
  snoozed: 'You get no marketing until {date}.',
  snooze: 'Take a break',
  wake: 'End the break',
  days: '{n} days',
  oneDay: '1 day',
  hours: '{n} hours',
  oneHour: '1 hour',
  personalTitle: 'How personal it may be',
  level0: 'Not personal: we use nothing that says much about you.',
  level1: 'A little: simple things, such as your language.',
  level2: 'Personal: also what you like and what you do.',
  level3: 'Very personal: everything that you have told us, sensitive things too.',
  stopTitle: 'Nothing any more',
  stopText: 'Stops all marketing, in every way, also of topics to come.',
  stop: 'Stop all marketing',
  eraseTitle: 'Delete my data',
  eraseText: 'We delete everything that we hold about you. This cannot be undone.',
  erase: 'Delete my data',
  askTitle: 'Delete my data',
  askText:
    'So that nobody else deletes your data, we send a link to the e-mail address that we have known for the longest time. It is valid for 24 hours.',
  ask: 'Send me the link',
  askedTitle: 'We have sent you a mail',
  asked: 'Open the link in it to delete your data. Nothing was deleted yet.',
  noMailTitle: 'Please write to us',
  noMail:
    'We cannot send you a confirmation from here, so nothing was deleted. Please ask our customer service to delete your data.',
  newLink: 'Send me a new link',
  newLinkText:
    'We send a link to the e-mail address that we have known for the longest time. It opens the page with your choices and is valid for 90 days.',
  oldLinkTitle: 'This link is old',
  oldLink: 'This link no longer shows or changes your choices. It still ends all marketing.',
  oldUnsubscribe: 'This link is old. It still unsubscribes you.',
  linkMailed: 'Open the link in it to choose what you get.',
  noLinkMailed: 'We cannot send you a link from here. Please ask our customer service.',
  linkMailSubject: 'Your messages from {brand}',
  linkMailText:
    'Somebody, most likely you, has asked {brand} for a link to the choices of this address.\n\nChoose what you get, within 90 days:\n{link}\n\nIf it was not you, do nothing: nothing changes.\n',
  linkExpired:
    'This link is not valid, or no longer. Please request a new one on the page with your preferences.',
  eraseMailSubject: 'Delete your data at {brand}?',
  eraseMailText:
    'Somebody, most likely you, has asked {brand} to delete your data.\n\nOpen this link within 24 hours to delete it:\n{link}\n\nIf it was not you, do nothing: nothing will be deleted.\n',
  confirmTitle: 'Really delete everything?',
  confirmText:
    'Your profile, your history with us and everything that is under way are deleted now and cannot be brought back. Orders and questions that are still open are not known here any more.',
  confirm: 'Yes, delete everything',
  catalogueTitle: 'For you from {brand}',
  cataloguePersonal: 'Chosen by what you have looked at.',
  catalogueAll: 'Have a look around.',
  productViewed: 'You looked at this',
  couponUsable: 'Your coupon takes {percent} % off your next order until {date}:',
  couponApplied: 'The links on this page apply it for you.',
  couponEnter: 'Enter it when you pay.',
  couponRedeemed: 'Your coupon {code} has been used.',
  couponExpired: 'Your coupon {code} was valid until {date}.',
  couponRevoked: 'Your coupon {code} is not valid any more.',
  back: 'No, go back',
};

export type Texts = typeof en;

const de: Texts = {
  unknownTitle: 'Unbekannter Link',
  unknown: 'Dieser Link ist nicht gültig. Wurde er ganz kopiert?',
  busyTitle: 'Einen Moment, bitte',
  busy: 'Das ging etwas zu schnell. Bitte in ein paar Sekunden noch einmal versuchen.',
  erasedTitle: 'Ihre Daten sind gelöscht',
  erased: 'Wir haben nichts mehr über Sie gespeichert, was wir hier zeigen oder ändern könnten.',
  unsubscribeTitle: 'Abmelden',
  unsubscribeTopic: 'Sie bekommen davon nichts mehr: {topic}, per {channel}.',
  unsubscribeChannel: 'Sie bekommen keine Werbung mehr per {channel}.',
  unsubscribeButton: 'Abmelden',
  unsubscribeAll: 'Alle Werbung von {brand} beenden, auf jedem Weg',
  unsubscribedTitle: 'Abgemeldet',
  unsubscribedTopic: 'Erledigt: Sie bekommen davon nichts mehr: {topic}, per {channel}.',
  unsubscribedChannel: 'Erledigt: Sie bekommen keine Werbung mehr per {channel}.',
  unsubscribedAll: 'Erledigt: Sie bekommen keine Werbung mehr von {brand}.',
  more: 'Auswählen, was Sie bekommen',
  title: 'Ihre Nachrichten von {brand}',
  intro:
    'Wählen Sie, wovon Sie hören möchten und wie. Es gilt sofort. Nachrichten zu Ihren Bestellungen und Fragen erreichen Sie immer.',
  about: 'Für {address}',
  saved: 'Gespeichert. Es gilt ab jetzt.',
  failedTitle: 'Das hat nicht geklappt',
  failed: 'Das hat nicht geklappt, und nichts wurde geändert. Bitte noch einmal versuchen.',
  topicsTitle: 'Was Sie bekommen',
  allTopics: 'Neues und Angebote',
  save: 'Speichern',
  snoozeTitle: 'Eine Pause',
  snoozeFor: 'Keine Werbung für',
  snoozed: 'Sie bekommen keine Werbung bis {date}.',
  snooze: 'Pause machen',
  wake: 'Pause beenden',
  days: '{n} Tage',
  oneDay: '1 Tag',
  hours: '{n} Stunden',
  oneHour: '1 Stunde',
  personalTitle: 'Wie persönlich es sein darf',
  level0: 'Nicht persönlich: Wir verwenden nichts, was viel über Sie sagt.',
  level1: 'Ein wenig: Einfaches, etwa Ihre Sprache.',
  level2: 'Persönlich: auch was Sie mögen und was Sie tun.',
  level3: 'Sehr persönlich: alles, was Sie uns gesagt haben, auch Heikles.',
  stopTitle: 'Gar nichts mehr',
  stopText: 'Beendet alle Werbung auf jedem Weg, auch zu künftigen Themen.',
  stop: 'Alle Werbung beenden',
  eraseTitle: 'Meine Daten löschen',
  eraseText: 'Wir löschen alles, was wir über Sie gespeichert haben. Das lässt sich nicht rückgängig machen.',
  erase: 'Meine Daten löschen',
  askTitle: 'Meine Daten löschen',
  askText:
    'Damit niemand sonst Ihre Daten löscht, senden wir einen Link an die E-Mail-Adresse, die wir am längsten kennen. Er gilt 24 Stunden.',
  ask: 'Link senden',
  askedTitle: 'Wir haben Ihnen eine E-Mail gesendet',
  asked: 'Öffnen Sie den Link darin, um Ihre Daten zu löschen. Noch wurde nichts gelöscht.',
  noMailTitle: 'Bitte schreiben Sie uns',
  noMail:
    'Wir können Ihnen von hier keine Bestätigung senden. Darum wurde nichts gelöscht. Bitte wenden Sie sich an unseren Kundendienst, um Ihre Daten löschen zu lassen.',
  newLink: 'Neuen Link senden',
  newLinkText:
    'Wir senden einen Link an die E-Mail-Adresse, die wir am längsten kennen. Er öffnet die Seite mit Ihren Einstellungen und gilt 90 Tage.',
  oldLinkTitle: 'Dieser Link ist alt',
  oldLink: 'Dieser Link zeigt und ändert Ihre Einstellungen nicht mehr. Er beendet weiterhin alle Werbung.',
  oldUnsubscribe: 'Dieser Link ist alt. Er meldet Sie weiterhin ab.',
  linkMailed: 'Öffnen Sie den Link darin, um auszuwählen, was Sie bekommen.',
  noLinkMailed:
    'Wir können Ihnen von hier keinen Link senden. Bitte wenden Sie sich an unseren Kundendienst.',
  linkMailSubject: 'Ihre Nachrichten von {brand}',
  linkMailText:
    'Jemand, vermutlich Sie, hat {brand} um einen Link zu den Einstellungen dieser Adresse gebeten.\n\nWählen Sie innerhalb von 90 Tagen, was Sie bekommen:\n{link}\n\nWaren Sie es nicht, tun Sie nichts: Dann ändert sich nichts.\n',
  linkExpired:
    'Dieser Link ist nicht gültig oder nicht mehr. Bitte fordern Sie auf der Seite mit Ihren Einstellungen einen neuen an.',
  eraseMailSubject: 'Ihre Daten bei {brand} löschen?',
  eraseMailText:
    'Jemand, vermutlich Sie, hat {brand} gebeten, Ihre Daten zu löschen.\n\nÖffnen Sie dafür innerhalb von 24 Stunden diesen Link:\n{link}\n\nWaren Sie es nicht, tun Sie nichts: Dann wird nichts gelöscht.\n',
  confirmTitle: 'Wirklich alles löschen?',
  confirmText:
    'Ihr Profil, Ihre Vorgeschichte bei uns und alles, was unterwegs ist, werden jetzt gelöscht und lassen sich nicht wiederherstellen. Offene Bestellungen und Fragen sind hier dann nicht mehr bekannt.',
  confirm: 'Ja, alles löschen',
  catalogueTitle: 'Für Sie von {brand}',
  cataloguePersonal: 'Ausgewählt nach dem, was Sie sich angesehen haben.',
  catalogueAll: 'Sehen Sie sich um.',
  productViewed: 'Das haben Sie sich angesehen',
  couponUsable: 'Ihr Gutschein gibt {percent} % auf Ihre nächste Bestellung bis {date}:',
  couponApplied: 'Die Links auf dieser Seite lösen ihn für Sie ein.',
  couponEnter: 'Geben Sie ihn beim Bezahlen ein.',
  couponRedeemed: 'Ihr Gutschein {code} ist eingelöst.',
  couponExpired: 'Ihr Gutschein {code} galt bis {date}.',
  couponRevoked: 'Ihr Gutschein {code} gilt nicht mehr.',
  back: 'Nein, zurück',
};

const LANGUAGES: Record<string, Texts> = { en, de };
/** The first one is for everybody who asks for none of them. */
export const LANGUAGE_IDS: string[] = Object.keys(LANGUAGES);

const CHANNELS: Record<string, Record<string, string>> = {
  en: {
    email: 'e-mail',
    sms: 'SMS',
    push: 'push message',
    agent_desk: 'telephone',
    whatsapp: 'WhatsApp',
    in_app: 'app',
  },
  de: {
    email: 'E-Mail',
    sms: 'SMS',
    push: 'Push-Nachricht',
    agent_desk: 'Telefon',
    whatsapp: 'WhatsApp',
    in_app: 'App',
  },
};

/** Texts in one language. */
export interface Language {
  lang: string;
  texts: Texts;
  /** What a channel is called: one that isn't known here goes by its id, written as a word. */
  channel(id: string): string;
}

/** The language of the first of these locales (`de-AT`) that we have, else English. */
export function resolveLanguage(...locales: (string | undefined)[]): Language {
  const requested = locales.flatMap((locale) => (locale === undefined ? [] : listLocales(locale)));
  const lang = requested.find((tag) => Object.hasOwn(LANGUAGES, tag)) ?? 'en';
  const channels = CHANNELS[lang] as Record<string, string>;
  return {
    lang,
    texts: LANGUAGES[lang] as Texts,
    channel: (id) => (Object.hasOwn(channels, id) ? (channels[id] as string) : humanizeId(id)),
  };
}

/** Puts values into a text. What they hold stays text. */
export function fillTemplate(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] as string) : whole,
  );
}

/** `new_arrivals` as people write it: `New arrivals`. */
export function humanizeId(id: string): string {
  const words = id.replace(/[_-]+/g, ' ').trim();
  return words === '' ? id : words.charAt(0).toUpperCase() + words.slice(1);
}
