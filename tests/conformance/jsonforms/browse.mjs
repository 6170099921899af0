// node browse.mjs FOLDER CHROMIUM: shows the forms of {definitions, today} (stdin), each with its sets of answers, in headless
// Chromium; every page is opened and every row unfolded. Says per form: console messages, and per set: faults and what is seen.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

const [folder, executablePath] = process.argv.slice(2);
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { definitions, today } = JSON.parse(Buffer.concat(chunks).toString('utf8'));

const context = await chromium.launchPersistentContext(mkdtempSync(`${tmpdir()}/chromium-`), {
  executablePath,
  headless: true,
  args: [
    ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    ...['--disable-component-update', '--disable-sync'],
  ],
});

// Opens every page of the form, and every row of its lists.
async function lookThrough(page) {
  const tabs = page.getByRole('tab');
  const seen = [];
  for (let number = 0; number < Math.max(1, await tabs.count()); number += 1) {
    if ((await tabs.count()) > 0) await tabs.nth(number).click();
    for (const row of await page.locator('.MuiAccordionSummary-root[aria-expanded="false"]').all()) await row.click();
    seen.push(await page.locator('#form').innerText());
  }
  return seen.join('\n');
}

const report = {};
for (const [name, definition] of Object.entries(definitions)) {
  const page = await context.newPage();
  const messages = [];
  page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => messages.push(`error: ${error.message}`));
  await page.goto(pathToFileURL(`${folder}/page.html`).href);
  const shown = [];
  for (const { answers, look } of definition.sets) {
    const result = await page.evaluate(([form, given, day]) => window.show(form, given, day), [definition, answers, today]);
    shown.push({ ...result, seen: look ? await lookThrough(page) : '' });
  }
  report[name] = { messages, shown };
  await page.close();
}
await context.close();
process.stdout.write(JSON.stringify(report));
