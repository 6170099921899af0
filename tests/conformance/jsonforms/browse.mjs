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

// Opens every page of the form, and every row of its lists, of which JSON Forms unfolds one at a time. Runs in the page.
async function lookThrough() {
  const form = document.getElementById('form');
  const seen = [];
  const look = async () => {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20)));
    seen.push(form.innerText);
  };
  const all = (selector) => form.querySelectorAll(selector);
  for (let page = 0; page < Math.max(1, all('[role="tab"]').length); page += 1) {
    all('[role="tab"]')[page]?.click();
    await look();
    for (let row = 0; row < all('.MuiAccordionSummary-root').length; row += 1) {
      const summary = all('.MuiAccordionSummary-root')[row];
      if (summary.getAttribute('aria-expanded') === 'false') summary.click();
      await look();
    }
  }
  return seen.join('\n');
}

const report = {};
for (const [name, definition] of Object.entries(definitions)) {
  const page = await context.newPage();
  const messages = [];
  page.on('console', (message) => {
    // React's advice to install its tools is no warning.
    if (message.type() !== 'info') messages.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => messages.push(`error: ${error.message}`));
  await page.goto(pathToFileURL(`${folder}/page.html`).href);
  const shown = [];
  for (const { answers, look } of definition.sets) {
    const result = await page.evaluate(([form, given, day]) => window.show(form, given, day), [definition, answers, today]);
    shown.push({ ...result, seen: look ? await page.evaluate(lookThrough) : '' });
  }
  report[name] = { messages, shown };
  await page.close();
}
await context.close();
process.stdout.write(JSON.stringify(report));
