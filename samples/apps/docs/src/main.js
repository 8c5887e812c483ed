import '../../site/site.css';
import './guide.css';
import { pages } from './pages.js';

const article = document.getElementById('page');
let latest;

async function show(path) {
  latest = path;
  const page = pages[path];
  const { html, start } = page ? await page.load() : { html: `<h1>There is no such page</h1><p>Try the <a href="/docs">start</a>.</p>` };
  if (latest !== path) {
    return; // Somebody was faster than the network.
  }
  document.title = `${page?.title ?? 'Not found'} · Kettle & Leaf`;
  article.innerHTML = html;
  start?.(article);
  for (const link of document.querySelectorAll('nav a')) {
    link.toggleAttribute('aria-current', false);
    if (link.pathname === path) {
      link.setAttribute('aria-current', 'page');
    }
  }
}

// Only between pages of this zone. A link into another zone is an ordinary one, and loads that zone's page.
document.addEventListener('click', (event) => {
  const link = event.target.closest('a');
  if (
    !link ||
    link.origin !== location.origin ||
    !pages[link.pathname] ||
    !pages[location.pathname] ||
    // A flag decides who answers this path, so let the server say.
    (link.pathname === '/brewing-guide') !== (location.pathname === '/brewing-guide') ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  ) {
    return;
  }
  event.preventDefault();
  history.pushState(null, '', link.pathname);
  go();
});
addEventListener('popstate', go);

async function go() {
  await show(location.pathname);
  // What a page load would do: start reading at the top.
  const heading = article.querySelector('h1');
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

show(location.pathname);
