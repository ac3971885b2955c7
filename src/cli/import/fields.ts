/** What the rows of a file may become. */
export const ROW_KINDS = ['orders', 'customers', 'tickets', 'events', 'calls'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/** A field of a kind, with the names that files give its column: in lower case, letters and digits only. */
export interface FieldDef {
  names: readonly string[];
  /** Needed for each row. */
  required?: true;
  /** One per product. */
  product?: true;
}

const WHO: Readonly<Record<string, FieldDef>> = {
  userId: { names: ['userid', 'customerid', 'customernumber', 'clientid', 'memberid', 'customer', 'user'] },
  anonymousId: { names: ['anonymousid'] },
  email: { names: ['email', 'emailaddress', 'customeremail', 'billingemail', 'mail'] },
  phone: { names: ['phone', 'phonenumber', 'customerphone', 'billingphone', 'mobile', 'tel'] },
};

const NAME: Readonly<Record<string, FieldDef>> = {
  firstName: { names: ['firstname', 'givenname', 'forename'] },
  lastName: { names: ['lastname', 'surname', 'familyname'] },
  name: { names: ['fullname', 'customername'] },
};

const FIELDS: Readonly<Record<Exclude<RowKind, 'calls'>, Readonly<Record<string, FieldDef>>>> = {
  orders: {
    order_id: {
      required: true,
      names: [
        'orderid',
        'ordernumber',
        'orderno',
        'invoiceno',
        'invoiceid',
        'invoice',
        'order',
        'id',
        'number',
        'name',
      ],
    },
    ...WHO,
    ...NAME,
    timestamp: {
      required: true,
      names: [
        ...[
          'timestamp',
          'orderpurchasetimestamp',
          'orderdate',
          'orderedat',
          'purchasedat',
          'invoicedate',
          'createdat',
        ],
        ...['created', 'datecreated', 'paidat', 'processedat', 'date', 'time'],
      ],
    },
    total: {
      names: [
        'total',
        'ordertotal',
        'totalprice',
        'totalamount',
        'grandtotal',
        'amount',
        'revenue',
        'value',
        'paymentvalue',
      ],
    },
    currency: { names: ['currency', 'currencycode'] },
    discount: { names: ['discount', 'discountamount', 'totaldiscount', 'totaldiscounts'] },
    coupon: { names: ['coupon', 'couponcode', 'discountcode', 'vouchercode'] },
    tax: { names: ['tax', 'taxes', 'totaltax', 'vat'] },
    shipping: {
      names: ['shipping', 'shippingcost', 'freightvalue', 'freight', 'shippingtotal'],
    },
    channel: { names: ['channel', 'saleschannel', 'affiliation', 'sourcename'] },
    status: { names: ['status', 'orderstatus', 'financialstatus'] },
    cancelled_at: { names: ['cancelledat', 'canceledat'] },
    refunded: { names: ['refunded', 'refundedamount', 'amountrefunded', 'refund'] },
    refunded_at: { names: ['refundedat'] },
    product_id: { product: true, names: ['productid', 'itemid'] },
    sku: { product: true, names: ['sku', 'stockcode', 'lineitemsku', 'articlenumber'] },
    product_name: {
      product: true,
      names: ['productname', 'itemname', 'lineitemname', 'description', 'product'],
    },
    price: { product: true, names: ['price', 'unitprice', 'itemprice', 'lineitemprice'] },
    quantity: { product: true, names: ['quantity', 'qty', 'lineitemquantity', 'pieces', 'units'] },
    category: { product: true, names: ['category', 'productcategory', 'productcategoryname'] },
  },
  customers: {
    ...WHO,
    userId: { names: [...(WHO.userId as FieldDef).names, 'id'] },
    ...NAME,
    timestamp: {
      names: ['timestamp', 'updatedat', 'updated', 'modifiedat', 'createdat', 'created', 'signedupat'],
    },
    birthday: { names: ['birthday', 'birthdate', 'dateofbirth', 'dob'] },
    locale: { names: ['locale', 'language', 'lang'] },
    timezone: { names: ['timezone', 'tz'] },
    country: { names: ['country', 'countrycode'] },
    city: { names: ['city', 'town'] },
    'consent:marketing': {
      names: [
        'acceptsmarketing',
        'marketingconsent',
        'marketing',
        'newsletter',
        'optin',
        'subscribed',
        'acceptsemailmarketing',
      ],
    },
  },
  tickets: {
    ticket_id: {
      required: true,
      names: ['ticketid', 'ticketnumber', 'casenumber', 'caseid', 'ticket', 'key', 'number', 'id'],
    },
    ...WHO,
    userId: { names: [...(WHO.userId as FieldDef).names, 'externalid'] },
    email: { names: [...(WHO.email as FieldDef).names, 'requesteremail', 'contactemail', 'requester'] },
    timestamp: {
      required: true,
      names: ['timestamp', 'createdat', 'created', 'openedat', 'opened', 'date'],
    },
    closed_at: { names: ['closedat', 'closed', 'solvedat', 'resolvedat', 'resolved'] },
    subject: { names: ['subject', 'title', 'summary'] },
    status: { names: ['status', 'state', 'ticketstatus'] },
    severity: { names: ['severity', 'priority', 'urgency'] },
    product: { names: ['product', 'productid'] },
  },
  events: {
    event: { required: true, names: ['event', 'eventname', 'eventtype', 'action', 'type'] },
    ...WHO,
    timestamp: {
      required: true,
      names: ['timestamp', 'eventtime', 'occurredat', 'time', 'createdat', 'date'],
    },
  },
};

/** Fields of any name behind these: an id in another system, and a consent for a purpose. */
const NAMED = /^(ext|consent):[\w.-]{1,64}$/;

/** The fields of a kind. Rows of `calls` are calls already. */
export function listFields(kind: RowKind): Readonly<Record<string, FieldDef>> {
  return kind === 'calls' ? {} : FIELDS[kind];
}

/** The definition of a field; undefined if the kind has none of that name. */
export function findField(kind: RowKind, name: string): FieldDef | undefined {
  const fields = listFields(kind);
  if (Object.hasOwn(fields, name)) return fields[name];
  return kind !== 'calls' && NAMED.test(name) ? { names: [] } : undefined;
}

/** A column's name as files differ in it. */
export function foldColumn(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
