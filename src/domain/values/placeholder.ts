import { toAsciiDigits } from './ascii-digits.ts';
import { foldWord, listWords } from './word.ts';

/** Words that programs print where there is nothing. */
const NOTHING = listWords(
  'undefined, null, nil, none, nan, undef, empty, missing, absent, dbnull, nulo, optionalnil, optionalempty, true, false',
);

/** Words that stand where something is to be put. */
const OPEN = listWords(
  'unknown, unspecified, unset, unassigned, unavailable, not set, not defined, not available, not applicable, ' +
    'not found, not provided, not known, no id, no value, no data, placeholder, change me, replace me, fix me, ' +
    'todo, tbd, tba, string, integer, uuid, guid, uid, id',
);

/** Words that stand where the name of a person is to be put, in the languages that senders use. */
const NAMES = listWords(
  'void, nothing, blank, inf, infinity, unidentified, unregistered, unauthenticated, unauthorized, not authenticated, ' +
    'not logged in, not signed in, logged out, signed out, no user, no user id, no customer, ' +
    'no name, no one, nobody, somebody, someone, anonymous, anon, anonymous user, anonymous customer, guest, ' +
    'guest user, guest customer, visitor, dummy, default, default user, generic, redacted, masked, ' +
    'hidden, deleted, deleted user, opted out, opt out, invalid, error, ' +
    'text, number, boolean, object, array, function, symbol, ' +
    'unbekannt, anonym, gast, leer, kein, keine, inconnu, anonyme, invité, vide, aucun, desconocido, anonimo, ' +
    'invitado, vacio, sconosciuto, ospite, vuoto, nessuno, onbekend, anoniem, okänd, ukendt, nieznany, desconhecido, ' +
    'convidado, gäst, gæst, gość, vieras, неизвестно, неизвестный, аноним, гость, не указано, misafir, bilinmiyor, ' +
    '不明, 匿名, ゲスト, 未設定, 未知, 游客, 访客, 訪客, 알수없음, 익명, 게스트, غير معروف, زائر',
);

/** What programs put before the id of a person: `sess_null`, `cust-undefined`. */
const PREFIXES = listWords(
  'cust, cus, usr, u, sess, session, sid, cid, device, dev, acct, account, profile, contact, lead, shopper, buyer, ' +
    'subscriber, player, employee, app, web, ios, android, shop, store, tenant',
);

/** `auth0|undefined`, `acme_undefined`: what a program prints after any prefix. No one is called so. */
const ENDS_UNDEFINED = /(^|[^\p{L}\p{N}])undefined[^\p{L}\p{N}]*$/iu;
/** `auth0|null`, `gid://shop/Customer/null`. Behind other signs it may be somebody's name. */
const ENDS_NULL = /[|:/=#](null|nil|none|nan)$/i;

/** `user_id`, `YOUR-USER-ID`, `customerId`, `enter your id here`: names of ids in the place of one. */
const NAME_OF_ID =
  /^(your|my|the|some|insert|enter|put|add|current|new|this)*((anonymous|anon|user|customer|client|member|visitor|person)|(user|customer|client|member|account|visitor|anonymous|anon|distinct|device|external|session|person|contact|profile|unique|message|event|group|internal|crm)+(id|ids|uid|uuid|guid|identifier|name|number)|(id|uid|uuid|guid|identifier|email|emailaddress|phone|phonenumber|username))(here|goeshere)?$/;

/** The same for facts and things: `order_id`, `YOUR-ORDER-ID`, `ticketNumber`. */
const NAME_OF_FACT_ID =
  /^(your|my|the|some|insert|enter|put|add|current|new|this)*(order|refund|return|payment|transaction|charge|cart|checkout|invoice|ticket|case|issue|question|survey|response|answer|review|product|item|variant)+(id|ids|uid|uuid|guid|identifier|number|no|nr|ref|reference|key)(here|goeshere)?$/;

/** `ORD-undefined`, `#null`: a prefix before nothing. */
const PREFIXED_NOTHING = /^[^a-z0-9]*(?:[a-z]{1,12}[^a-z0-9]+){0,2}(?:undefined|null|nan|nil)[^a-z0-9]*$/i;

/** What programs print of a thing that isn't a text, and what is left of a template that nobody filled. */
const PRINTED: readonly RegExp[] = [
  /^[[(<{]?object \w+[\])>}]?$/i,
  /^\[(function|class|object|symbol|promise|circular)\b.*\]$/i,
  /^(async )?function\b.*[({]/i,
  /^(async )?(\([\w, ]*\)|\w+) ?=>/,
  /^symbol\([\w. ]*\)$/i,
  /^(symbol|optional|promise|some|just)\s*[([{]\s*(nil|null|none|undefined|<pending>)?\s*[)\]}]$/i,
  /^(\[L|[a-z][\w$]*\.)*[\w$.;]*[A-Z.$;][\w$.;]*@[0-9a-f]{4,16}$/,
  /^<.* (object )?at 0x[0-9a-f]+>$/i,
  /^#<.*>$/,
  /^system\.[\w.]+(\[\])?$/i,
  /^%!.\(.*\)$/,
  /^(\{\{.*\}\}|\$\{.*\}|<%.*%>|\[\[.*\]\]|\*\|.*\|\*|%%.*%%|#\{.*\}|\{%.*%\})$/s,
  /^(%[a-z_. ]+%|\{[a-z_. ]+\}|\[[a-z_. ]+\]|<[a-z_. ]+>|__[a-z_]+__|[$@:][a-z_]*id)$/i,
  /^(n\/a|n\.a\.?|#n\/a|\\n|-1|x{3,}|\?+)$/i,
];

/** Ids of many devices at once, and numbers of exercises. */
const SHARED: ReadonlySet<string> = new Set([
  '9774d56d682e549c',
  '020000000000',
  '0123456789',
  '1234567890',
  '123456789',
  '12345678',
  '0123456789abcdef',
  'ffffffffffffffffffffffffffffffff',
]);

/**
 * Whether a text in the place of an id identifies nobody: a word for nothing, a name of an id, what a program prints of
 * a thing that isn't a text, a blank, or zeros. Such an id would make strangers one customer.
 */
export function isPlaceholder(text: string): boolean {
  if (isOrdinary(text)) return isShared(text);
  const plain = toPlain(text);
  if (plain === undefined) return false;
  const word = foldWord(plain);
  return (
    isNothing(plain, word) ||
    NAMES.has(word) ||
    NAME_OF_ID.test(word) ||
    isShared(plain) ||
    isOfNothing(plain) ||
    // Some senders use addresses as ids.
    (plain.includes('@') && isPlaceholderAddress(plain.toLowerCase()))
  );
}

/**
 * Whether a text in the place of the id of a fact or a thing (an order, a ticket, a product) names none. Words that
 * people choose as names of surveys and products, such as `default`, are ids here, and so are plain numbers.
 */
export function isPlaceholderOfFact(text: string): boolean {
  if (isOrdinary(text)) return false;
  const plain = toPlain(text);
  if (plain === undefined) return false;
  const word = foldWord(plain);
  return isNothing(plain, word) || NAME_OF_FACT_ID.test(word) || PREFIXED_NOTHING.test(plain);
}

/** Fast path, since every event passes here: an ordinary id has a digit other than 0, and no signs. */
function isOrdinary(text: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(text) && /[1-9]/.test(text) && text !== '-1';
}

/** The text without what surrounds an id; undefined for a text that is too long for a placeholder. */
function toPlain(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  return toAsciiDigits(decode(text))
    .replace(/\p{Cf}/gu, '')
    .trim();
}

/** Whether it is a word for nothing, an open place, what a program printed, a blank, or zeros. */
function isNothing(plain: string, word: string): boolean {
  return (
    !/[\p{L}\p{N}\p{So}]/u.test(plain) ||
    NOTHING.has(word) ||
    OPEN.has(word) ||
    PRINTED.some((form) => form.test(plain)) ||
    /^(urnuuid)?(0x)?0+$/.test(word)
  );
}

/** Longer texts aren't placeholders. */
const LONGEST = 200;

function isShared(text: string): boolean {
  return SHARED.has(text.toLowerCase().replace(/[^a-z0-9]/g, ''));
}

/** `null null`, `user_undefined`, `id=null`, `unknown-user`: put together from nothing and the names of ids. */
function isOfNothing(text: string): boolean {
  // A number that tells it from others makes it an id: `1042-undefined`.
  if (!/\d{3}/.test(text) && (ENDS_UNDEFINED.test(text) || ENDS_NULL.test(text))) return true;
  const parts = text
    .split(/[^\p{L}\p{N}]+/u)
    .map(foldWord)
    .filter((part) => part !== '');
  const isWord = (part: string) => NOTHING.has(part) || /^(undefined|null|nan|none|nil){2,}$/.test(part);
  const isName = (part: string) => OPEN.has(part) || NAMES.has(part) || NAME_OF_ID.test(part);
  if (parts.length > 1 && parts.every((part) => isWord(part) || isName(part) || /^0+$/.test(part)))
    return true;
  const isOpen = (part: string) => isWord(part) || OPEN.has(part);
  return parts.some(isOpen) && parts.every((part) => isOpen(part) || isName(part) || PREFIXES.has(part));
}

/** Ids often come out of URLs. */
function decode(text: string): string {
  if (!/%[0-9a-f]{2}/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Local parts and domains that programs put into addresses of nobody. */
const NO_MAILBOX = listWords(
  'unknown, anonymous, anonym, no email, no mail, no reply email, no one, nobody, guest user, guest, gast, no reply, ' +
    'do not reply, dummy, placeholder, invalid, redacted, deleted, deleted user, not provided, not available, ' +
    'walk in, no address',
);

/** Whether an e-mail address is made of nothing (`null@null`, `undefined@example.com`), so that it identifies nobody. */
export function isPlaceholderAddress(address: string): boolean {
  const [local = '', domain = ''] = address.split('@');
  const [label = ''] = domain.split('.');
  const name = local.split('+')[0] as string;
  if (/^(undefined|null|none|0+)$/.test(name) || NO_MAILBOX.has(foldWord(name))) return true;
  if (/^((undefined|null)[._-]?){2,}$/.test(name)) return true;
  // `nan@nan`. People are called Nan, and `null.com` has mailboxes.
  return NOTHING.has(foldWord(label)) && (NOTHING.has(foldWord(local)) || label === domain);
}

/** Whether a phone number is made of zeros or counts up, so that it identifies nobody. */
export function isPlaceholderNumber(number: string): boolean {
  const digits = number.replace(/\D/g, '');
  return (
    /^(\d)\1*$/.test(digits) || /^\d{0,3}0{7,}$/.test(digits) || /^\d{0,3}?0?123456789(0)?$/.test(digits)
  );
}
