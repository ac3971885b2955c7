import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** What the files say, to compare the log with. */
export interface OlistFiles {
  orders: string;
  /** Per order: the cents of its items and their freight. */
  cents: Map<string, number>;
  /** Order ids of each customer. */
  byCustomer: Map<string, string[]>;
}

const ORDERS =
  'order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date';
const ITEMS = 'order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value';
const CUSTOMERS = 'customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state';

/**
 * Writes three files in the layout of the public data set of Olist, with data made here: orders, their items (not one
 * after the other), and customers, who have one id per order and one for good.
 */
export function writeOlistFiles(folder: string, count: number): OlistFiles {
  const cents = new Map<string, number>();
  const byCustomer = new Map<string, string[]>();
  const rows = { orders: [ORDERS], items: [[ITEMS]] as string[][], customers: [CUSTOMERS] };
  for (let n = 0; n < count; n++) {
    const order = `order${n.toString(16).padStart(8, '0')}`;
    const customer = `cust${n.toString(16).padStart(8, '0')}`;
    const unique = `person${(n * 7) % Math.ceil(count * 0.8)}`;
    const status = n % 50 === 0 ? 'canceled' : 'delivered';
    const at = new Date(Date.UTC(2017, 0, 1) + n * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    rows.orders.push(`"${order}","${customer}",${status},${at},${at},,,${at}`);
    rows.customers.push(`"${customer}","${unique}",0${n % 9_000},"sao paulo",SP`);
    let sum = 0;
    for (let item = 1; item <= 1 + (n % 3); item++) {
      const [price, freight] = [1_990 + ((n * 37) % 5_000), 870 + (n % 90)];
      sum += price + freight;
      // Items of one order are apart, as in a file that is sorted by product.
      const place = item % 3;
      rows.items[place] ??= [];
      rows.items[place].push(
        `"${order}",${item},"product${n % 97}","seller${n % 11}",${at},${toDecimal(price)},${toDecimal(freight)}`,
      );
    }
    cents.set(order, status === 'canceled' ? 0 : sum);
    byCustomer.set(unique, [...(byCustomer.get(unique) ?? []), order]);
  }
  const orders = path.join(folder, 'olist_orders_dataset.csv');
  writeFileSync(orders, `${rows.orders.join('\n')}\n`);
  writeFileSync(path.join(folder, 'olist_order_items_dataset.csv'), `${rows.items.flat().join('\n')}\n`);
  writeFileSync(path.join(folder, 'olist_customers_dataset.csv'), `${rows.customers.join('\n')}\n`);
  return { orders, cents, byCustomer };
}

function toDecimal(amount: number): string {
  return (amount / 100).toFixed(2);
}
