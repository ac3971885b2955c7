import type { BundleFile } from '../../src/definitions/source/bundle-file.ts';
import { readBundleDir } from '../../src/definitions/source/read-directory.ts';

export { type BundleFile, readBundleDir };

/** Returns a change that replaces a text in one file of a bundle. @throws Error when the text is missing */
export function replaceInFile(
  path: string,
  from: string | RegExp,
  to: string,
): (files: BundleFile[]) => BundleFile[] {
  return (files) => {
    const file = files.find((f) => f.path === path);
    if (!file?.text.match(from)) throw new Error(`${path} has no ${from}`);
    return files.map((f) => (f === file ? { ...f, text: f.text.replace(from, to) } : f));
  };
}

/** Confirms orders by text message where there is no e-mail address. */
export function confirmByMailOrText(files: BundleFile[]): BundleFile[] {
  const change = replaceInFile(
    'actions/orders.yaml',
    'class: transactional',
    'class: transactional\nchannels: [email, sms]',
  );
  return [
    ...change(files),
    { path: 'content/order-confirmation/sms.en.txt', text: 'Order {{ event.properties.order_id }}.' },
  ];
}

/** Removes holdouts, exploration and quiet hours, for tests of a journey's own steps. */
export function treatEveryCustomer(files: BundleFile[]): BundleFile[] {
  return files.map((file) => ({
    ...file,
    text: file.path.endsWith('.yaml')
      ? file.text
          .replace(/^holdout: \d+%/m, 'holdout: 0%')
          .replace(/^quiet:.*$/m, '')
          .replace(/\bexplore: \d+%/g, 'explore: 0%')
      : file.text,
  }));
}
