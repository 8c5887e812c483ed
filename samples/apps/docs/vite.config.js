import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vite';
import { pages } from './src/pages.js';

export default defineConfig({
  // Everything this zone loads is below its asset prefix, so that no other zone can be asked for it.
  base: '/vc-ap-docs/',
  build: {
    // The old file names stay known to nobody, so an empty folder is right.
    emptyOutDir: true,
    target: 'es2022',
    // The server would have to know more than one kind of name otherwise.
    assetsInlineLimit: 0,
  },
  // For npm run dev; the look of the site is beside this folder.
  server: { fs: { allow: ['..'] } },
  plugins: [
    {
      name: 'zone-paths',
      configureServer(server) {
        // Vite answers below its base only, and the pages of this zone are elsewhere.
        server.middlewares.use((request, response, next) => {
          if (pages[request.url.split('?')[0]]) {
            request.url = '/vc-ap-docs/index.html';
          }
          next();
        });
      },
    },
    {
      name: 'zone-files',
      generateBundle() {
        // Which paths the server answers with 200.
        this.emitFile({ type: 'asset', fileName: 'pages.txt', source: Object.keys(pages).join('\n') + '\n' });
        // With this a test notices that somebody changed a source and forgot to build.
        this.emitFile({ type: 'asset', fileName: 'sources.sha256', source: hashOfSources() + '\n' });
      },
    },
  ],
});

function hashOfSources() {
  const hash = createHash('sha256');
  const sources = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/'));
  for (const file of [...sources, 'index.html', 'package.json', 'vite.config.js', '../site/site.css', '../site/favicon.svg'].sort()) {
    hash.update(file).update('\n').update(readFileSync(file));
  }
  return hash.digest('hex');
}
