// node build.mjs FOLDER: the page as one file, in its development build, so that React and JSON Forms warn.

import { writeFileSync } from 'node:fs';

import { build } from 'esbuild';

const folder = process.argv[2];
await build({
  entryPoints: ['page.jsx'],
  bundle: true,
  format: 'iife',
  outfile: `${folder}/page.js`,
  define: { 'process.env.NODE_ENV': '"development"' },
  loader: { '.js': 'jsx' },
  logLevel: 'warning',
});
writeFileSync(
  `${folder}/page.html`,
  '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Biểu mẫu</title><div id="form"></div><script src="page.js"></script></html>',
);
