// Path → title and content. Each page is a chunk of its own, fetched when somebody goes there.
export const pages = {
  '/docs': { title: 'Guide', load: () => import('./pages/start.js') },
  '/docs/brewing': { title: 'Brewing', load: () => import('./pages/brewing.js') },
  '/docs/delivery': { title: 'Delivery', load: () => import('./pages/delivery.js') },
  '/docs/returns': { title: 'Returns', load: () => import('./pages/returns.js') },
  '/brewing-guide': { title: 'Brewing guide', load: () => import('./pages/calculator.js') },
};
