// The validator that a portal gives to JSON Forms: draft 2020-12, with our formats.

import Ajv2020 from 'ajv/dist/2020.js';

import { formats } from './formats.mjs';

export function makeAjv(today) {
  return new Ajv2020({ allErrors: true, verbose: true, strict: false, addUsedSchema: false, formats: formats(today) });
}

// Where an error is, as the path of the answer that it is about.
export function place(error) {
  const path = error.instancePath.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const name = error.params.missingProperty ?? error.params.additionalProperty;
  return name === undefined ? path : [...path, name];
}

// Ajv says "if" once more for what a "then" has found already.
export function faults(errors) {
  return (errors ?? []).filter((error) => error.keyword !== 'if').map((error) => [place(error), error.keyword]);
}
