// A page that shows one form: `show(definition, answers, today)` answers with the faults that JSON Forms reports.

import { materialCells, materialRenderers } from '@jsonforms/material-renderers';
import { JsonForms } from '@jsonforms/react';
import { ThemeProvider, createTheme } from '@mui/material/styles';
import React from 'react';
import { createRoot } from 'react-dom/client';

import { faults, makeAjv } from './validator.mjs';

// Texts by the keys that JSON Forms makes of a field's path.
function translator(texts) {
  const known = {};
  for (const [path, text] of Object.entries(texts.labels)) known[`${path}.label`] = text;
  for (const [path, text] of Object.entries(texts.descriptions ?? {})) known[`${path}.description`] = text;
  for (const [name, text] of Object.entries(texts.pages ?? {})) known[`pages.${name}.label`] = text;
  Object.assign(known, texts.options);
  return (key, otherwise) => known[key] ?? otherwise;
}

// JSON Forms puts buttons into the head of a list's row, which Material UI would make a button itself.
const theme = createTheme({ components: { MuiAccordionSummary: { defaultProps: { component: 'div' } } } });
const root = createRoot(document.getElementById('form'));
let shows = 0;

window.show = (definition, answers, today) =>
  new Promise((resolve) => {
    shows += 1;
    root.render(
      <ThemeProvider theme={theme}>
        <JsonForms
          key={shows}
          schema={definition.schema}
          uischema={definition.uischema}
          data={answers}
          renderers={materialRenderers}
          cells={materialCells}
          ajv={makeAjv(today)}
          i18n={{ locale: 'vi', translate: translator(definition.texts) }}
          onChange={({ data, errors }) => resolve({ data, faults: faults(errors) })}
        />
      </ThemeProvider>,
    );
  });
