// Reads {definitions: {name: {schema, uischema}}, today}, then one {name, answers} a line; says for each what JSON Forms core
// shows and what Ajv finds once the answers to hidden questions are dropped.

import { createInterface } from 'node:readline';

import * as core from '@jsonforms/core';

import { faults, makeAjv } from './validator.mjs';

function* questions(element, answers, path, ajv, above) {
  const shown = above && core.isVisible(element, answers, path, ajv, undefined);
  for (const child of element.elements ?? []) yield* questions(child, answers, path, ajv, shown);
  if (element.scope === undefined) return;
  const place = core.composeWithUi(element, path);
  yield [place, shown];
  const detail = element.options?.detail;
  const value = core.Resolve.data(answers, place);
  if (typeof detail !== 'object' || value === undefined) return;
  if (Array.isArray(value)) {
    for (const position of value.keys()) {
      yield* questions(detail, answers, core.Paths.compose(place, `${position}`), ajv, shown);
    }
  } else {
    yield* questions(detail, answers, place, ajv, shown);
  }
}

function visible(uischema, answers, ajv) {
  const found = new Map();
  for (const [place, shown] of questions(uischema, answers, '', ajv, true)) {
    found.set(place, shown || found.get(place) === true);
  }
  return found;
}

function without(answers, places) {
  const kept = structuredClone(answers);
  for (const place of places) {
    const parts = place.split('.');
    const last = parts.pop();
    const holder = parts.reduce((value, part) => value?.[part], kept);
    if (holder !== null && typeof holder === 'object' && !Array.isArray(holder)) delete holder[last];
  }
  return kept;
}

function settled(uischema, answers, ajv) {
  for (let kept = answers; ; ) {
    const hidden = [...visible(uischema, kept, ajv)].filter(([, shown]) => !shown).map(([place]) => place);
    const next = without(answers, hidden);
    if (JSON.stringify(next) === JSON.stringify(kept)) return kept;
    kept = next;
  }
}

let ajv;
const forms = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  const given = JSON.parse(line);
  if (given.definitions) {
    ajv = makeAjv(given.today);
    for (const [name, form] of Object.entries(given.definitions)) {
      forms.set(name, { uischema: form.uischema, check: ajv.compile(form.schema) });
    }
    continue;
  }
  const { uischema, check } = forms.get(given.name);
  const kept = settled(uischema, given.answers, ajv);
  check(kept);
  const shown = Object.fromEntries(visible(uischema, kept, ajv));
  process.stdout.write(`${JSON.stringify({ kept, shown, faults: faults(check.errors) })}\n`);
}
