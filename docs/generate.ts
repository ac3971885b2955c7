import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GENERATED } from './generate/pages.ts';
import { ROOT } from './generate/text.ts';

// `npm run docs`: writes every generated page. A test compares each of them with what this would write.

for (const { page, render } of GENERATED) {
  await writeFile(path.join(ROOT, page), render());
  console.log(page);
}
